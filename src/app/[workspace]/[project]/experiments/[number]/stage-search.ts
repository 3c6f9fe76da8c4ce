import { STAGE_KINDS } from '#src/core/experiments/stage-kinds.ts'
import type { Expr } from '#src/core/search/expression.ts'
import { printSearch } from '#src/core/search/print-search.ts'

const NOWHERE = { from: 0, to: 0 }

/**
 * The search that finds the runs of a stage. A stage that is called as a kind of stages shares its word with all stages of that kind,
 * so its runs are named.
 */
export function stageSearch(slug: string, runs: readonly number[]): string {
  const ofStage: Expr = {
    kind: 'test',
    field: { kind: 'plain', name: 'stage' },
    op: '=',
    value: { kind: 'text', text: slug, ...NOWHERE },
    ...NOWHERE,
  }
  if (!STAGE_KINDS.some((kind) => kind === slug) || runs.length === 0) return printSearch(ofStage)
  const named: Expr = {
    kind: 'in',
    field: { kind: 'plain', name: 'number' },
    negated: false,
    values: [...runs].sort((a, b) => a - b).map((number) => ({ kind: 'number', number, ...NOWHERE })),
    ...NOWHERE,
  }
  return printSearch({ kind: 'and', parts: [ofStage, named], ...NOWHERE })
}
