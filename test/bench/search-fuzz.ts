/** Random searches, sensible and not: each is answered or refused in words, within its limit. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import * as fc from 'fast-check'
import { seededUniform } from '#src/core/evaluations/bootstrap.ts'
import { fieldText } from '#src/core/search/field.ts'
import { printSearch } from '#src/core/search/print-search.ts'
import { SEARCH_TIME_MAX_MS } from '#src/db/queries/search/bound-search.ts'
import { RunsTableInput } from '#src/protocol/runs-table.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { getRunsTable } from '#src/services/runs/table.ts'
import { fields, type SearchVocabulary, searches } from '#test/factories/searches.ts'

export interface FuzzFigures {
  asked: number
  found: number
  refused: number
  /** Ended by their time limit. */
  slow: number
  /** Anything else: what was asked, and what came. */
  failures: string[]
  longestMs: number
  /** The longest time for which the process did nothing else. */
  stallMs: number
}

const PIECES = [
  '(',
  ')',
  ' and ',
  ' or ',
  ' not ',
  ' in (',
  ',',
  ' is missing',
  '=',
  '!=',
  '<',
  '>=',
  ':',
  '~',
  '!~',
  '"',
  '\\',
  '`',
  'config.',
  'metrics.',
  'eval.',
  'ancestor(',
  'descendant(',
  '.best',
  '-7d',
  'today',
  '2026-11-24',
  '90s',
  '1e999',
  '-0',
  ' ',
  '\u0000',
  '\ud800',
  '😀',
  'İ',
  'ß',
  "'",
  ';--',
  '$1',
  '%',
  '_',
  '{5}',
  '[a-',
  '(a*)*',
]
const PATTERNS = [
  '(a|a)*b',
  '((a{50}){10})',
  '(x+x+)+y',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '[\\u0000-\\uffff]*',
  '.{100}',
  '(.*)(.*)(.*)(.*)z',
  'a{0,100}{2}',
  '\\d+-\\w+$',
]

/** Asks for so long. `vocabulary` should name what the project has. */
export async function fuzzSearch(
  ctx: Context,
  place: { workspace: string; project: string },
  { seconds, seed, vocabulary }: { seconds: number; seed: number; vocabulary: SearchVocabulary },
): Promise<FuzzFigures> {
  const uniform = seededUniform(seed)
  const below = (n: number) => Math.floor(uniform() * n)
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const figures: FuzzFigures = { asked: 0, found: 0, refused: 0, slow: 0, failures: [], longestMs: 0, stallMs: 0 }
  const delay = monitorEventLoopDelay({ resolution: 5 })
  let batch = 0
  let drawn: string[] = []
  const keys = fc.sample(fields(vocabulary), { numRuns: 50, seed }).map(fieldText)
  const next = (): string => {
    if (drawn.length === 0)
      drawn = fc.sample(searches(vocabulary), { numRuns: 200, seed: seed + batch++ }).map(printSearch)
    return drawn.pop() ?? ''
  }
  const text = (): string => {
    switch (below(8)) {
      case 0:
        return Array.from({ length: 1 + below(12) }, () => one(PIECES)).join('')
      case 1: {
        const from = next()
        const at = below(from.length + 1)
        return from.slice(0, at) + one(PIECES) + from.slice(at + below(3))
      }
      case 2:
        return Array.from({ length: 2 + below(60) }, next).join(one([' or ', ' and ', ' or not ']))
      case 3:
        return `${one(['name', 'tag', 'config.`data set`', 'stage', 'owner'])} ${one(['~', '!~'])} "${one(PATTERNS).replaceAll('\\', '\\\\')}"`
      case 4:
        return `${'not ('.repeat(below(40))}${next()}`
      case 5:
        return `${one(['ancestor', 'descendant'])}(${one(['ancestor', 'descendant'])}(${next()}))`
      default:
        return next()
    }
  }
  const end = performance.now() + seconds * 1000
  delay.enable()
  while (performance.now() < end) {
    const q = text()
    const input = {
      ...RunsTableInput.parse({}),
      q: q.slice(0, 4000),
      columns: Array.from({ length: below(6) }, () => one(keys)),
      sort: Array.from({ length: below(3) }, () => ({ field: one(keys), direction: one(['asc', 'desc'] as const) })),
      limit: one([0, 1, 100, 500]),
      offset: one([0, 0, 10, 1_000_000]),
      archived: uniform() < 0.3,
    }
    const began = performance.now()
    figures.asked++
    try {
      await getRunsTable(ctx, { ...input, ...place })
      figures.found++
    } catch (error) {
      if (error instanceof Refusal && error.code === 'invalid_request') figures.refused++
      else if (error instanceof Refusal && error.code === 'too_slow') figures.slow++
      else figures.failures.push(`${JSON.stringify(input)}: ${reasonOf(error)}`)
    }
    const took = performance.now() - began
    figures.longestMs = Math.max(figures.longestMs, Math.round(took))
    if (took > SEARCH_TIME_MAX_MS + 2_000)
      figures.failures.push(`${JSON.stringify(input)}: took ${Math.round(took)} ms`)
  }
  delay.disable()
  figures.stallMs = Math.round(delay.max / 1e6)
  return figures
}

function reasonOf(error: unknown): string {
  const parts: string[] = []
  for (let at = error; at instanceof Error; at = at.cause) parts.push(at.message.slice(0, 300))
  return parts.join(' ← ')
}
