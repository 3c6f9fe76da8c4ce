/** Runs as an address names them. */
export interface RunList {
  /** From and to, both included; in the order of the text, and they may overlap. */
  ranges: [number, number][]
  /** Parts that are no numbers: uids, if anything. */
  names: string[]
}

const NUMBER_MAX = 2 ** 31 - 1
const RANGE = /^(\d{1,10})(?:-(\d{1,10}))?$/

/** Reads `1-100,205,<uid>`; the part that is wrong, where a range is none. */
export function readRunList(text: string): RunList | { wrong: string } {
  const list: RunList = { ranges: [], names: [] }
  for (const part of text.split(',')) {
    const range = RANGE.exec(part)
    const from = Number(range?.[1])
    const to = Number(range?.[2] ?? from)
    if (!range) list.names.push(part)
    else if (from > to || to > NUMBER_MAX) return { wrong: part }
    else list.ranges.push([from, to])
  }
  return list
}

/** `1, 2, 3, 7` as `1-3,7`, at most `max` parts, then `…`. Numbers ascend. */
export function writeRunList(numbers: readonly number[], max: number): string {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  const parts = ranges.slice(0, max).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
  return ranges.length > max ? `${parts.join(',')},...` : parts.join(',')
}
