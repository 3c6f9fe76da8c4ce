import { createHash } from 'node:crypto'
import { checkItems } from '#src/core/evaluations/check-items.ts'
import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import { fingerprintText, HARD_FIELDS, type ProtocolFields, type SoftFields } from '#src/core/evaluations/protocol.ts'
import type { ItemForm } from '#src/core/evaluations/slim-item.ts'
import { ensureProtocol } from '#src/db/queries/evaluations/ensure-protocol.ts'
import { insertEvaluation } from '#src/db/queries/evaluations/insert-evaluation.ts'
import { saveItems } from '#src/db/queries/evaluations/items.ts'
import { suggestBenchmarkRole } from '#src/db/queries/experiments/set-benchmark-role.ts'
import type { Evaluation, EvaluationInput, ItemsInput, ProtocolInput } from '#src/protocol/evaluations.ts'
import { actorName } from '#src/services/actor.ts'
import { openCheckpoint } from '#src/services/checkpoints/open.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { newUid } from '#src/services/new-uid.ts'
import { refuseStaleJob } from '#src/services/runs/refuse-stale.ts'
import { ensureBenchmark } from './ensure-benchmark.ts'
import { viewEvaluationById } from './get.ts'
import { settleEvaluation } from './settle.ts'

type Item = ItemsInput['items'][number]

/**
 * Puts an evaluation on a checkpoint, with all of its items, a first part of them, or none. It counts once it is complete: at
 * once, unless `complete` is false or items are still to come.
 *
 * @throws Refusal `invalid_request` with the index of each bad item; `unprocessable` when n or score are not those of the items;
 *   `conflict` for another definition of the benchmark; `not_found`, `stale_fence`, `forbidden`
 */
export async function postEvaluation(
  ctx: Context,
  input: EvaluationInput & { checkpoint: string },
): Promise<Evaluation> {
  const { scope, checkpoint } = await openCheckpoint(ctx, input.checkpoint, 'eval:write')
  await refuseStaleJob(ctx)
  refuseBadItems(input.items, input.metric, null)
  refuseScale(input)
  refuseFuture(ctx, input)
  if (input.items.length > input.n)
    throw new Refusal('unprocessable', `n is ${input.n}, but ${input.items.length} items came.`, {
      errors: [{ pointer: '/n', message: `is below the number of items, ${input.items.length}` }],
    })
  const { hard, soft } = splitProtocol(input.protocol)
  const fingerprint = createHash('sha256').update(fingerprintText(hard)).digest('hex')
  const isWhole = input.complete && (input.items.length === 0 || covers(input.items, input.n))
  const id = await inTransaction(ctx, async (tx) => {
    const benchmark = await ensureBenchmark(tx, scope, input.benchmark)
    if (typeof input.benchmark !== 'string' && input.benchmark.role)
      await suggestBenchmarkRole(tx.db, scope, checkpoint.experimentId, benchmark.id, input.benchmark.role)
    const row = await insertEvaluation(tx.db, scope, {
      uid: newUid(ctx),
      checkpointId: checkpoint.id,
      benchmarkId: benchmark.id,
      protocolId: await ensureProtocol(tx.db, scope, fingerprint, hard),
      soft,
      metric: input.metric,
      seed: input.seed === undefined || input.seed === null ? '' : String(input.seed),
      score: input.score,
      scale: input.scale,
      stderr: input.stderr ?? null,
      n: input.n,
      nClusters: input.n_clusters ?? null,
      source: input.source,
      status: 'open',
      nItems: input.items.length,
      measuredAt: input.measured_at ?? null,
      createdBy: actorName(ctx.actor),
    })
    if (input.items.length > 0) await saveItems(tx.db, scope, row.id, 1, asItems(input.items))
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

function refuseScale(input: EvaluationInput): void {
  if (typeof input.benchmark === 'string') return
  const { kind, unit } = input.benchmark
  if ((kind === 'accuracy' || (kind === 'rate' && !unit)) && (input.score < 0 || input.score > input.scale))
    throw invalid(
      '/score',
      `The score ${input.score} lies outside 0…${input.scale}. ${input.scale === 1 ? 'Send scale 100 for points.' : ''}`.trim(),
    )
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

function splitProtocol(input: ProtocolInput): { hard: ProtocolFields; soft: SoftFields } {
  const isHard = (name: string) => (HARD_FIELDS as readonly string[]).includes(name)
  const set = Object.entries(input).filter(([, value]) => value !== undefined && value !== null)
  return {
    hard: Object.fromEntries(set.filter(([name]) => isHard(name))) as unknown as ProtocolFields,
    soft: Object.fromEntries(set.filter(([name]) => !isHard(name))) as SoftFields,
  }
}
