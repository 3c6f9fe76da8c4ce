import { type Allocation, checkAllocations, NotMonotone } from '#src/core/cost/segments.ts'
import { lockBooks } from '#src/db/queries/cost/books.ts'
import { listCostAllocations } from '#src/db/queries/cost/list-cost-allocations.ts'
import { deleteToldAllocations, insertPastAllocations, listOverlaps } from '#src/db/queries/cost/told-allocations.ts'
import { instantOf, millisOf } from '#src/db/queries/instant.ts'
import { listAttempts } from '#src/db/queries/runs/attempts.ts'
import type { AllocationsInput } from '#src/protocol/allocations.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { openRun } from '#src/services/runs/open.ts'

/**
 * Says after the fact what hardware a run held, with provider, region and commitment: for runs whose machine no agent watched. It adds to
 * what is known, or stands in place of what was told before; a device is held once at a time.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for an attempt that is not there or an allocation that ends before it starts,
 *   `conflict` for a device that is held already; the message names run, attempt and times, and nothing is written
 */
export async function tellAllocations(
  ctx: Context,
  input: { run: string } & AllocationsInput,
): Promise<{ added: number }> {
  const { scope, run } = await openRun(ctx, input.run, 'run:write')
  const told = input.allocations.map(
    (one): Allocation => ({
      id: 0,
      runId: run.id,
      runNumber: run.number,
      attempt: one.attempt,
      deviceKind: one.device_kind,
      deviceName: one.device_name,
      count: one.count,
      devices: one.device_uuids,
      provider: one.provider ?? null,
      region: one.region ?? null,
      commitment: one.commitment ?? null,
      startMs: Date.parse(one.started_at),
      endMs: Date.parse(one.ended_at),
    }),
  )
  refuseNotMonotone(told)
  await inTransaction(ctx, async (tx) => {
    await lockBooks(tx.db, scope)
    const attempts = new Set((await listAttempts(tx.db, scope, [run.id])).map(({ number }) => number))
    for (const [i, { attempt }] of told.entries())
      if (!attempts.has(attempt))
        throw invalid(
          `/allocations/${i}/attempt`,
          `Run ${run.number} has no attempt ${attempt}; it has ${[...attempts].join(', ') || 'none'}.`,
        )
    if (input.replace) await deleteToldAllocations(tx.db, scope, run.id)
    for (const [i, one] of told.entries()) {
      const [other] = await listOverlaps(tx.db, scope, {
        devices: one.devices,
        from: new Date(one.startMs).toISOString(),
        to: new Date(one.endMs).toISOString(),
      })
      if (other)
        throw conflictAt(
          `/allocations/${i}/device_uuids`,
          `${other.device} is held by run ${other.run}, attempt ${other.attempt}, from ${instantOf(other.started_at)} to ${
            other.ended_at === null ? 'now' : instantOf(other.ended_at)
          }: one device is held once at a time.${
            other.run === run.number ? ' Send replace: true when this stands in place of what was told before.' : ''
          }`,
        )
    }
    await refuseTwice(tx, scope, run.id, told)
    await insertPastAllocations(
      tx.db,
      scope,
      told.map((one) => ({
        runId: one.runId,
        attempt: one.attempt,
        deviceKind: one.deviceKind,
        deviceName: one.deviceName,
        count: one.count,
        deviceUuids: [...one.devices],
        provider: one.provider,
        region: one.region,
        commitment: one.commitment,
        startedAt: new Date(one.startMs).toISOString(),
        endedAt: new Date(one.endMs).toISOString(),
      })),
    )
  })
  return { added: told.length }
}

const conflictAt = (pointer: string, message: string): Refusal =>
  new Refusal('conflict', message, { errors: [{ pointer, message }] })

function refuseNotMonotone(told: readonly Allocation[]): void {
  try {
    checkAllocations(told)
  } catch (error) {
    if (!(error instanceof NotMonotone)) throw error
    const field = error.field === 'endMs' ? 'ended_at' : 'started_at'
    throw invalid(`/allocations/${told.indexOf(error.allocation)}/${field}`, error.message)
  }
}

/** The same told again is no further hardware: without UUIDs, equal device, count and times say that it is the same. */
async function refuseTwice(
  tx: Context,
  scope: Parameters<typeof listCostAllocations>[1],
  runId: number,
  told: readonly Allocation[],
): Promise<void> {
  const there = await listCostAllocations(tx.db, scope, [runId])
  for (const [i, one] of told.entries()) {
    const same = there.find(
      (row) =>
        row.attempt === one.attempt &&
        row.deviceName === one.deviceName &&
        row.count === one.count &&
        millisOf(row.startedAt) === one.startMs &&
        row.endedAt !== null &&
        millisOf(row.endedAt) === one.endMs,
    )
    if (same)
      throw conflictAt(
        `/allocations/${i}`,
        `Run ${one.runNumber}, attempt ${one.attempt} holds ${one.count} × ${one.deviceName} from ${new Date(one.startMs).toISOString()} already.`,
      )
  }
}
