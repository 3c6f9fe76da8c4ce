/**
 * Columns told before are told again without being compared: what a column says hangs on which evaluations stand on its checkpoint and
 * on those it is compared with, on the benchmarks, and on what they mean to the stage. All of that is in the key, so an answer is never
 * older than the request.
 */
import { createHash } from 'node:crypto'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Context, Services } from '#src/services/context.ts'
import { BoundedCache } from '../bounded-cache.ts'
import type { ColumnInput } from './compare-column.ts'
import { commonBaseline, compareGathered, type GatheredColumns } from './compare-columns.ts'
import { type ToldColumn, tellColumn } from './tell-column.ts'

/** Cells of all columns together, at most about 60 MB. */
const CELLS_MAX = 200_000
/** What a column without a cell takes, in cells. */
const EMPTY_WEIGHT = 10

const memories = new WeakMap<Services, BoundedCache<string, ToldColumn>>()

function memoryOf(services: Services): BoundedCache<string, ToldColumn> {
  const known = memories.get(services)
  if (known) return known
  const made = new BoundedCache<string, ToldColumn>(CELLS_MAX)
  memories.set(services, made)
  return made
}

export interface ToldPage {
  /** In parallel to the columns of the page. */
  told: readonly ToldColumn[]
  /** Of each the checkpoint that all of its cells are compared with. */
  against: readonly (number | null)[]
}

/** Tells the columns of a page, one row for each benchmark. */
export async function tellColumns(ctx: Context, scope: ProjectScope, gathered: GatheredColumns): Promise<ToldPage> {
  const { benchmarks } = gathered
  const memory = memoryOf(ctx.services)
  const rows = hashed([...benchmarks.values()])
  const keys = gathered.inputs.map((input) => (input ? keyOf(input, rows) : null))
  const told: (ToldColumn | undefined)[] = keys.map((key) => (key === null ? undefined : memory.get(key)))
  const open = told.flatMap((known, i) => (known ? [] : [i]))
  const rowOf = new Map([...benchmarks.keys()].map((id, i) => [id, i]))
  const compared = await compareGathered(ctx, scope, only(gathered, open))
  for (const [i, { cells }] of compared.entries()) {
    const at = open[i] as number
    const made = tellColumn(cells, rowOf)
    told[at] = made
    const key = keys[at]
    if (key != null) memory.set(key, made, made.cells.at.length + EMPTY_WEIGHT)
  }
  return {
    told: told.map((column) => column as ToldColumn),
    against: gathered.inputs.map((input) => (input ? commonBaseline(input) : null)),
  }
}

const only = (gathered: GatheredColumns, places: readonly number[]): GatheredColumns => ({
  ...gathered,
  page: gathered.page.filter((_, i) => places.includes(i)),
  inputs: gathered.inputs.filter((_, i) => places.includes(i)),
})

/** Everything that a column hangs on. */
function keyOf({ checkpoint, variant, baseline, ancestors, cells, meanings }: ColumnInput, rows: string): string {
  const stamped = (ids: readonly number[]) => ids.map((id) => `${id} ${cells.get(id)?.version ?? ''}`)
  const against =
    baseline.kind === 'chosen'
      ? stamped([baseline.checkpoint])
      : [...stamped(baseline.above.path), 'root', baseline.above.root]
  const meant = [...meanings].map(([id, { role, tolerance }]) => [id, role, tolerance])
  return hashed([rows, stamped([checkpoint]), variant, baseline.kind, against, stamped(ancestors), meant])
}

const hashed = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64')
