/** Media of one key: what was logged, by ascending step. */
export interface MediaSeries<Item> {
  key: string
  type: string
  /** Ascending, each once. */
  steps: number[]
  /** What was logged at each of them, in the order in which it came. */
  items: Item[][]
}

/** Media by key, from a list in the order of key, step and arrival. */
export function seriesOf<Item extends { key: string; step: number; type: string }>(
  list: readonly Item[],
): MediaSeries<Item>[] {
  const byKey = new Map<string, MediaSeries<Item>>()
  for (const item of list) {
    const series = byKey.get(item.key) ?? { key: item.key, type: item.type, steps: [], items: [] }
    byKey.set(item.key, series)
    if (series.steps.at(-1) === item.step) series.items.at(-1)?.push(item)
    else {
      series.steps.push(item.step)
      series.items.push([item])
    }
  }
  return [...byKey.values()]
}

/** All steps of several series, ascending, each once. */
export const stepsOf = (series: readonly { steps: readonly number[] }[]): number[] =>
  [...new Set(series.flatMap((one) => one.steps))].sort((a, b) => a - b)

/** The place of the last of ascending `steps` at or before `at`; −1 when all come later. */
export function placeAt(steps: readonly number[], at: number): number {
  let low = 0
  let high = steps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((steps[middle] as number) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}
