/**
 * Two benchmarks that measure two sides of one task: the form of an answer and its content, or the steps to it and the answer itself.
 * They are shown side by side and never averaged: a model may answer in perfect form and know nothing.
 */

export const PARTS = ['form', 'content', 'process', 'answer'] as const
export type Part = (typeof PARTS)[number]

const OTHER: Readonly<Record<Part, Part>> = { form: 'content', content: 'form', process: 'answer', answer: 'process' }

/** What the other benchmark of the pair measures. */
export const otherPart = (part: Part): Part => OTHER[part]

/** True for the side that stands first: the form, the process. */
export const isFirstPart = (part: Part): boolean => part === 'form' || part === 'process'

export const PAIR_KINDS = ['form_content', 'process_answer'] as const
export type PairKind = (typeof PAIR_KINDS)[number]

export const pairKindOf = (part: Part): PairKind =>
  part === 'form' || part === 'content' ? 'form_content' : 'process_answer'

/** A benchmark as far as pairs need it. */
export interface Parted {
  slug: string
  part?: Part | undefined
  pair?: string | undefined
}

/** Rows in their order, the two of a pair one after the other, form or process first, where the first of them stood. */
export function pairsTogether<T>(rows: readonly T[], benchmarkOf: (row: T) => Parted): T[] {
  const bySlug = new Map(rows.map((row) => [benchmarkOf(row).slug, row]))
  const done = new Set<T>()
  return rows.flatMap((row) => {
    if (done.has(row)) return []
    const { slug, part, pair } = benchmarkOf(row)
    const other = pair === undefined ? undefined : bySlug.get(pair)
    if (other === undefined || part === undefined || other === row || benchmarkOf(other).pair !== slug) return [row]
    done.add(row).add(other)
    return isFirstPart(part) ? [row, other] : [other, row]
  })
}
