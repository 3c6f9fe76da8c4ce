import { patternTest, readPattern } from '#src/core/search/pattern.ts'

/** How a search of charts reads: what it keeps, or what is wrong with it. */
export type ChartSearch =
  | { kind: 'all' }
  | { kind: 'some'; matches: (name: string) => boolean }
  | { kind: 'wrong'; expected: string }

/** Reads a regular expression over the names of charts; without a capital it finds any case. An empty one searches for nothing. */
export function readChartSearch(text: string): ChartSearch {
  const asked = text.trim()
  if (asked === '') return { kind: 'all' }
  const pattern = readPattern(asked)
  if ('wrong' in pattern) return { kind: 'wrong', expected: pattern.wrong }
  const test = patternTest(pattern)
  const isExact = /[A-Z]/.test(asked.replaceAll(/\\./g, ''))
  return { kind: 'some', matches: isExact ? test : (name) => test(name.toLowerCase()) }
}
