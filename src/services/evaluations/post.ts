import { createHash } from 'node:crypto'
import type { BenchmarkKind } from '#src/core/evaluations/benchmarks.ts'
import { checkItems, outsideScale } from '#src/core/evaluations/check-items.ts'
import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import { fingerprintText, protocolConflict, splitProtocol } from '#src/core/evaluations/protocol.ts'
import type { ItemForm } from '#src/core/evaluations/slim-item.ts'
import { ensureProtocol } from '#src/db/queries/evaluations/ensure-protocol.ts'
import { findImported } from '#src/db/queries/evaluations/find-imported.ts'
import { insertEvaluation } from '#src/db/queries/evaluations/insert-evaluation.ts'
import { saveItems } from '#src/db/queries/evaluations/items.ts'
import { oneWriter } from '#src/db/queries/evaluations/one-writer.ts'
import { suggestBenchmarkRole } from '#src/db/queries/experiments/set-benchmark-role.ts'
import type { Evaluation, EvaluationInput, ItemsInput } from '#src/protocol/evaluations.ts'
import { actorName } from '#src/services/actor.ts'
import { openCheckpoint } from '#src/services/checkpoints/open.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { newUid } from '#src/services/new-uid.ts'
import { refuseStaleJob } from '#src/services/runs/refuse-stale.ts'
import { ensureBenchmark, holdDefinitions } from './ensure-benchmark.ts'
import { viewEvaluationById } from './get.ts'
import { saveItemHashes } from './save-item-hashes.ts'
import { settleEvaluation } from './settle.ts'

type Item = ItemsInput['items'][number]

/**
 * Puts an evaluation on a checkpoint, with all of its items, a first part of them, or none. It counts once it is complete: at
 * once, unless `complete` is false or items are still to come. A record that was imported before is answered as it is.
 *
 * @throws Refusal `invalid_request` with the index of each bad item, for a score outside the scale and an unknown benchmark;
 *   `unprocessable` when n or score are not those of the items; `conflict` for another definition of the benchmark and for a protocol
 *   that contradicts itself; `not_found`, `stale_fence`, `forbidden`
 */
export async function postEvaluation(
  ctx: Context,
  input: EvaluationInput & { checkpoint: string },
): Promise<Evaluation> {
  const { scope, checkpoint } = await openCheckpoint(ctx, input.checkpoint, 'eval:write')
  await refuseStaleJob(ctx)
  refuseBadItems(input.items, input.metric, null)
  refuseConflict(input)
  refuseFuture(ctx, input)
  refuseCount(input)
  const isWhole = input.complete && (input.items.length === 0 || covers(input.items, input.n ?? 0))
  const id = await inTransaction(ctx, async (tx) => {
    await holdDefinitions(tx, scope, input.benchmark)
    if (input.imported_from) {
      await oneWriter(tx.db, scope, checkpoint.id)
      const imported = await findImported(tx.db, scope, checkpoint.id, input.imported_from)
      if (imported !== null) return imported
    }
    const benchmark = await ensureBenchmark(tx, scope, input.benchmark)
    refuseOutside(input, benchmark)
    if (typeof input.benchmark !== 'string' && input.benchmark.role)
      await suggestBenchmarkRole(tx.db, scope, checkpoint.experimentId, benchmark.id, input.benchmark.role)
    const { hard, soft } = splitProtocol(input.protocol, { metric: input.metric, kind: benchmark.kind })
    const fingerprint = createHash('sha256').update(fingerprintText(hard)).digest('hex')
    const row = await insertEvaluation(tx.db, scope, {
      uid: newUid(ctx),
      checkpointId: checkpoint.id,
      benchmarkId: benchmark.id,
      protocolId: await ensureProtocol(tx.db, scope, fingerprint, hard),
      soft,
      metric: input.metric,
      seed: input.seed === undefined || input.seed === null ? '' : String(input.seed),
      variant: input.variant,
      score: input.score,
      scale: input.scale,
      stderr: input.stderr ?? null,
      n: input.n ?? null,
      nMissing: input.n ? null : (input.n_missing ?? 'not given'),
      nClusters: input.n_clusters ?? null,
      source: input.source,
      importedFrom: input.imported_from ?? null,
      status: 'open',
      nItems: input.items.length,
      measuredAt: input.measured_at ?? null,
      createdBy: actorName(ctx.actor),
    })
    if (input.items.length > 0) {
      await saveItems(tx.db, scope, row.id, 1, asItems(input.items))
      await saveItemHashes(tx, scope, benchmark.id, asItems(input.items))
    }
    if (isWhole) await settleEvaluation(tx, scope, row)
    return row.id
  })
  tellState(ctx, scope, checkpoint.runId)
  return viewEvaluationById(ctx, scope, id)
}

/** @throws Refusal `invalid_request` with the pointer of each bad item */
export function refuseBadItems(items: readonly Item[], metric: string, form: ItemForm | null): void {
  const objections = checkItems(asItems(items), metric, form)
  if (objections.length === 0) return
  throw new Refusal('invalid_request', objections.map((o) => o.message).join(' '), {
    errors: objections.map(({ index, message }) => ({ pointer: `/items/${index}`, message })),
  })
}

/** The shape's optional members and the core's are the same; only `undefined` is spelled otherwise. */
export const asItems = (items: readonly Item[]): EvaluationItem[] => items as EvaluationItem[]

const covers = (items: readonly Item[], n: number): boolean =>
  items.length === n || new Set(items.map((item) => item.id)).size === n

function refuseConflict(input: EvaluationInput): void {
  const conflict = protocolConflict(input.protocol, input.metric)
  if (!conflict) return
  const pointer = `/protocol/${conflict.field}`
  throw new Refusal('conflict', conflict.message, { errors: [{ pointer, message: conflict.message }] })
}

function refuseCount({ n, n_missing, items }: EvaluationInput): void {
  if (n && n_missing) throw invalid('/n_missing', `n is ${n}; n_missing says why there is none. Send one of the two.`)
  if (items.length > (n ?? 0))
    throw new Refusal(
      'unprocessable',
      n
        ? `n is ${n}, but ${items.length} items came.`
        : `${items.length} items came without n. Send how many there are.`,
      { errors: [{ pointer: '/n', message: `is below the number of items, ${items.length}` }] },
    )
}

function refuseOutside(input: EvaluationInput, { kind, unit }: { kind: BenchmarkKind; unit: string | null }): void {
  const outside = outsideScale(input.score, { kind, unit, scale: input.scale })
  if (outside) throw invalid('/score', `The score ${outside}`)
  refuseItemsOutside(input.items, { kind, unit, scale: input.scale })
}

/** @throws Refusal `invalid_request` naming the first item whose score cannot be one of this benchmark */
export function refuseItemsOutside(items: readonly Item[], of: Parameters<typeof outsideScale>[1]): void {
  for (const [index, { id, score }] of items.entries()) {
    const outside = score === undefined ? null : outsideScale(score, of)
    if (outside) throw invalid(`/items/${index}/score`, `Item ${index} ("${id.slice(0, 60)}"): the score ${outside}`)
  }
}

/** Clocks differ by some hours at most; what claims to be measured next year would supersede all that comes until then. */
const AHEAD_MS_MAX = 24 * 60 * 60 * 1000

function refuseFuture({ services }: Context, { measured_at }: EvaluationInput): void {
  if (measured_at && Date.parse(measured_at) > services.now().getTime() + AHEAD_MS_MAX)
    throw invalid(
      '/measured_at',
      `measured_at is ${measured_at}, more than a day ahead of this server (${services.now().toISOString()}). Tell when it was measured, or leave it out.`,
    )
}
