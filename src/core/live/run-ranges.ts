/** Runs by their numbers as an address names them: `1-100,205`. */

/** Runs that one stream of live news may name. */
export const LIVE_RUNS_MAX = 500

/**
 * `1-3,7` → 1, 2, 3, 7; each once, ascending. What cannot be read, or names more than `max` runs, gives the part that is at fault.
 */
export function readRunRanges(text: string, max: number): number[] | { wrong: string } {
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const range = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(part)
    const from = Number(range?.[1] ?? 0)
    const to = Number(range?.[2] ?? from)
    if (from < 1 || to < from || to - from >= max) return { wrong: part }
    for (let number = from; number <= to; number++) numbers.add(number)
    if (numbers.size > max) return { wrong: part }
  }
  return [...numbers].sort((a, b) => a - b)
}

/** 7, 1, 2, 3 → `1-3,7`: one text for one set. */
export function writeRunRanges(numbers: Iterable<number>): string {
  const parts: string[] = []
  let from = Number.NaN
  let to = Number.NaN
  const end = () => {
    if (!Number.isNaN(from)) parts.push(from === to ? String(from) : `${from}-${to}`)
  }
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    if (number !== to + 1) {
      end()
      from = number
    }
    to = number
  }
  end()
  return parts.join(',')
}
