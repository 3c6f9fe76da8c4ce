import type { StagePage } from '#src/protocol/lineage.ts'
import { meanWords } from './verdict.ts'

/** What a reversible stage kept with its adapter active: measured, or said not to be known. */
export function keptWords({ forgetting }: Pick<StagePage, 'forgetting'>): string {
  const { retention, counts, budget } = forgetting.parent
  const of = `${counts.forgot ?? 0} forgotten of ${Object.values(counts).reduce((sum, n) => sum + n, 0)} to be kept`
  if (retention !== null) return `with the adapter, retention ${meanWords(retention)} as measured, ${of}`
  return budget.verdict === null && Object.values(counts).every((n) => n === 0)
    ? 'what it keeps with the adapter was not measured'
    : `with the adapter, as measured: ${of}`
}
