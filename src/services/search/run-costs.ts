import { bookDevice } from '#src/core/cost/device-specs.ts'
import { type Allocation, segmentsOf } from '#src/core/cost/segments.ts'
import { sumTallies, type Tally, tallyOf } from '#src/core/cost/tally.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import type { ReckonedValues } from '#src/db/queries/search/bindings.ts'
import { type HeldRow, listHeld, listRunEntries } from '#src/db/queries/search/list-run-costs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { authorize } from '#src/services/authorize.ts'
import type { Context, Services } from '#src/services/context.ts'
import { DEFAULT_BOOK, type LoadedBook, loadBook } from '#src/services/cost/book.ts'
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

/** Costs of hardware whose time is over, by what they were reckoned from; forgotten with the prices that they were reckoned with. */
interface Known {
  prices: string
  costs: Map<number, Tally>
}

const known = new WeakMap<Services, Map<number, Known>>()
const PROJECTS_MAX = 50

async function reckon(ctx: Context, scope: ProjectScope): Promise<RunCosts> {
  // The pool, not the caller's transaction: what is made here outlives the call.
  const outside = { ...ctx, db: ctx.services.db }
  const [entries, book] = await Promise.all([
    listRunEntries(outside.db, scope),
    loadBook(outside, scope, { book: DEFAULT_BOOK, asOf: null }),
  ])
  const parts = new Map<number, Tally[]>()
  const add = (run: number, tally: Tally) => {
    const before = parts.get(run)
    if (before) before.push(tally)
    else parts.set(run, [tally])
  }
  for (const { run_id, amount, currency } of entries) add(run_id, tallyOf({ amount, currency }))
  const memory = memoryOf(ctx.services, scope.projectId, JSON.stringify(book.prices))
  const nowMs = ctx.services.now().getTime()
  for (let after: number | undefined = 0; after !== undefined; ) {
    const rows: HeldRow[] = await listHeld(outside.db, scope, after)
    await mapInPieces(rows, (row) => {
      const found = memory.get(row.id)
      const cost = found ?? costOf(allocationOf(row, nowMs), book)
      if (!found && row.is_over) memory.set(row.id, cost)
      add(row.run_id, cost)
    })
    after = rows.at(-1)?.id
  }
  const sums = await mapInPieces(parts, ([run, tallies]) => {
    const { amounts, lacks } = tallies.length === 1 && tallies[0] ? tallies[0] : sumTallies(tallies)
    const [amount] = amounts
    return amounts.length === 1 && lacks.length === 0 && amount ? { run, ...amount } : null
  })
  const priced = sums.filter((sum) => sum !== null)
  const currencies = [...groupBy(priced, ({ currency }) => currency)].sort(
    ([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1),
  )
  const [currency = null, mine = []] = currencies[0] ?? []
  return {
    currency,
    values: { of: 'run', ids: mine.map(({ run }) => run), values: mine.map(({ amount }) => Number(amount)) },
  }
}

function memoryOf(services: Services, projectId: number, prices: string): Map<number, Tally> {
  const projects = known.get(services) ?? new Map<number, Known>()
  known.set(services, projects)
  const before = projects.get(projectId)
  const made = before?.prices === prices ? before : { prices, costs: new Map<number, Tally>() }
  projects.delete(projectId)
  projects.set(projectId, made)
  for (const old of [...projects.keys()].slice(0, Math.max(0, projects.size - PROJECTS_MAX))) projects.delete(old)
  return made.costs
}

const costOf = (held: Allocation, { prices }: LoadedBook): Tally =>
  sumTallies(
    segmentsOf([held], prices, (allocation) => bookDevice(allocation.deviceKind, allocation.deviceName)).map(
      ({ cost }) => cost,
    ),
  )

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
