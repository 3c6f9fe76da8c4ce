import { type EvaluationViewRow, listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import type { Evaluation } from '#src/protocol/evaluations.ts'
import type { Context } from '#src/services/context.ts'
import { measure } from './measure.ts'
import { openEvaluation } from './open.ts'
import { viewEvaluation } from './view.ts'

/**
 * All that was measured like an evaluation: on its checkpoint, by its metric and protocol, of every seed, superseded ones too; newest
 * first. A result that came several times is there once.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listHistory(ctx: Context, input: { evaluation: string }): Promise<{ items: Evaluation[] }> {
  const { scope, evaluation } = await openEvaluation(ctx, input.evaluation, 'eval:read')
  const rows = await listEvaluations(ctx.db, scope, { like: evaluation })
  const measured = await measure(ctx, scope, withoutCopies(rows))
  return { items: measured.map(({ row, interval }) => viewEvaluation(row, interval)) }
}

/** Of equal results that were measured at one moment, the one that stands, else the first. */
function withoutCopies(rows: readonly EvaluationViewRow[]): EvaluationViewRow[] {
  const kept = new Map<string, EvaluationViewRow>()
  for (const row of rows) {
    const { seed, measured_at, score, scale, stderr, n, source, id } = row
    const key = JSON.stringify([seed, measured_at ?? id, score, scale, stderr, n, source])
    if (!kept.has(key) || !row.superseded) kept.set(key, row)
  }
  return [...kept.values()]
}
