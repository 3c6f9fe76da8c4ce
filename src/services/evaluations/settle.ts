import { agrees, scoreOfItems } from '#src/core/evaluations/score-of-items.ts'
import type { SlimItem } from '#src/core/evaluations/slim-item.ts'
import { completeEvaluationRow, type EvaluationRow } from '#src/db/queries/evaluations/insert-evaluation.ts'
import { listSlimItems } from '#src/db/queries/evaluations/items.ts'
import { oneWriter } from '#src/db/queries/evaluations/one-writer.ts'
import { supersedeEvaluations } from '#src/db/queries/evaluations/supersede.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { packEvaluation } from './pack-items.ts'

/**
 * Completes an evaluation inside the transaction that holds it: n and score must be those of its items, then the newest of its
 * family stands. One writer at a time per checkpoint.
 *
 * @throws Refusal `unprocessable` naming both numbers
 */
export async function settleEvaluation(tx: Context, scope: ProjectScope, row: EvaluationRow): Promise<void> {
  await oneWriter(tx.db, scope, row.checkpointId)
  const items = (await listSlimItems(tx.db, scope, [row.id])).get(row.id) ?? []
  if (items.length > 0) refuseDisagreement(row, items)
  await packEvaluation(tx, scope, row, items)
  const clusters = new Set(items.flatMap((item) => item.cluster ?? []))
  await completeEvaluationRow(tx.db, scope, row.id, {
    nItems: items.length,
    nClusters: clusters.size > 0 ? clusters.size : row.nClusters,
  })
  await supersedeEvaluations(tx.db, scope, row)
}

function refuseDisagreement(row: EvaluationRow, items: readonly SlimItem[]): void {
  const distinct = new Set(items.map((item) => item.id)).size
  if (row.n !== items.length && row.n !== distinct)
    throw refuse(
      '/n',
      `n is ${row.n ?? 'missing'}, but ${items.length} items came. Send the missing items, or the n that they have.`,
    )
  const keys = new Set(items.map((item) => `${item.trial ?? 0} ${item.id}`))
  if (keys.size !== items.length)
    throw refuse(
      '/items',
      `${items.length - keys.size} items came twice under one id; give trials of an item a number.`,
    )
  const scale = row.scale === 100 ? 100 : 1
  const score = scoreOfItems(items, { metric: row.metric, score: row.score, scale })
  if (score !== null && !agrees(row.score, score, scale))
    throw refuse(
      '/score',
      `The score is ${row.score}, but the items give ${Number(score.toPrecision(7))} as ${row.metric}. One of the two is wrong.`,
    )
}

const refuse = (pointer: string, message: string): Refusal =>
  new Refusal('unprocessable', message, { errors: [{ pointer, message }] })
