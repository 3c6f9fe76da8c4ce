import { bookDevice } from '#src/core/cost/device-specs.ts'
import { type Allocation, segmentsOf } from '#src/core/cost/segments.ts'
import { sumTallies, type Tally, tallyOf } from '#src/core/cost/tally.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import type { ReckonedValues } from '#src/db/queries/search/bindings.ts'
import { type HeldRow, listHeld, listRunEntries } from '#src/db/queries/search/list-run-costs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { authorize } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { DEFAULT_BOOK, loadBook } from '#src/services/cost/book.ts'
import { mapInPieces, reckonedOnce } from './reckoned.ts'

export interface RunCosts {
  values: ReckonedValues
  /** The currency of all values; null: nothing has a price. */
  currency: string | null
}

/**
 * What each run of a project cost, as far as all of it is known, in the currency in which most runs are priced. A run that lacks a price,
 * or has amounts in another currency, has no value.
 *
 * @throws Refusal `forbidden`
 */
export async function runCosts(ctx: Context, scope: ProjectScope): Promise<RunCosts> {
  authorize(ctx.actor, 'cost:read', scope)
  return reckonedOnce(ctx, `cost ${scope.projectId}`, () => reckon(ctx, scope))
}

async function reckon(ctx: Context, scope: ProjectScope): Promise<RunCosts> {
  // The pool, not the caller's transaction: what is made here outlives the call.
  const outside = { ...ctx, db: ctx.services.db }
  const [rows, entries, book] = await Promise.all([
    listHeld(outside.db, scope),
    listRunEntries(outside.db, scope),
    loadBook(outside, scope, { book: DEFAULT_BOOK, asOf: null }),
  ])
  const nowMs = ctx.services.now().getTime()
  const held = await mapInPieces([...groupBy(rows, (row) => row.run_id)], ([run, mine]): [number, Tally[]] => [
    run,
    segmentsOf(
      mine.map((row) => allocationOf(row, nowMs)),
      book.prices,
      (allocation) => bookDevice(allocation.deviceKind, allocation.deviceName),
    ).map(({ cost }) => cost),
  ])
  const parts = new Map(held)
  for (const { run_id, amount, currency } of entries) {
    const tally = tallyOf({ amount, currency })
    const known = parts.get(run_id)
    if (known) known.push(tally)
    else parts.set(run_id, [tally])
  }
  const sums = await mapInPieces([...parts], ([run, tallies]) => {
    const { amounts, lacks } = sumTallies(tallies)
    const [amount] = amounts
    return amounts.length === 1 && lacks.length === 0 && amount ? { run, ...amount } : null
  })
  const known = sums.filter((sum) => sum !== null)
  const currencies = [...groupBy(known, ({ currency }) => currency)].sort(
    ([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1),
  )
  const [currency = null, mine = []] = currencies[0] ?? []
  return {
    currency,
    values: { of: 'run', ids: mine.map(({ run }) => run), values: mine.map(({ amount }) => Number(amount)) },
  }
}

function allocationOf(row: HeldRow, nowMs: number): Allocation {
  const startMs = millisOf(row.started_at)
  return {
    id: row.id,
    runId: row.run_id,
    runNumber: row.run_number,
    attempt: row.attempt,
    deviceKind: row.device_kind,
    deviceName: row.device_name,
    count: row.count,
    devices: [],
    provider: row.provider,
    region: row.region,
    commitment: row.commitment,
    startMs,
    endMs: Math.max(startMs, row.ended_at === null ? nowMs : millisOf(row.ended_at)),
  }
}
