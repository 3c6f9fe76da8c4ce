import { type SQL, sql } from 'drizzle-orm'
import type { Expr } from '../../../core/search/expression.ts'
import type { Field } from '../../../core/search/field.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import type { SearchBindings } from './bindings.ts'
import { searchCondition } from './condition.ts'
import { type FieldValue, fieldValue, valueColumns } from './field-values.ts'

export interface SortKey {
  field: Field
  direction: 'asc' | 'desc'
}

/** What is asked for, with its names looked up. */
export interface BoundSearch {
  expr: Expr | null
  bindings: SearchBindings
  /** Archived runs too. */
  archived: boolean
}

/** The runs called `r` that a search is about, joined with `joins`. */
export const matchingRuns = (
  scope: ProjectScope,
  { expr, bindings, archived }: BoundSearch,
  joins: readonly FieldValue[],
): SQL => sql`
  from runs r ${sql.join(
    joins.map(({ join }) => join),
    sql` `,
  )}
  where r.workspace_id = ${scope.workspaceId}::int and r.project_id = ${scope.projectId}::int and r.deleted_at is null
    ${archived ? sql`` : sql`and r.archived_at is null`}
    and ${searchCondition(scope, bindings, expr)}`

/**
 * How many runs match, and the ids of those from `offset` on in the order of the keys; missing values come last either way, numbers
 * before texts, and of equal ones the newest first. Runs whose number is `hidden` are counted and not listed. Without keys the index
 * gives the runs in their order, so that they are counted and listed in one pass (28 → 12 ms of 100,000).
 */
export async function findMatching(
  db: Handle,
  scope: ProjectScope,
  search: BoundSearch,
  page: { sort: readonly SortKey[]; offset: number; limit: number; hidden?: readonly number[] },
): Promise<{ total: number; ids: number[] }> {
  const { sort, offset, limit, hidden = [] } = page
  const values = sort.map(({ field }, place) => fieldValue(scope, search.bindings, field, String(place)))
  const keys = values.map((value, place) => valueColumns(value, String(place)))
  const order = keys.flatMap(({ names }, i) =>
    names.map((name) => sql`${name} ${sort[i]?.direction === 'desc' ? sql`desc nulls last` : sql`asc nulls last`}`),
  )
  const listed = hidden.length === 0 ? null : sql`where number <> all(${sql.param([...hidden])}::int[])`
  const [row] = await db.execute<{ total: number; ids: number[] | null }>(
    keys.length === 0
      ? sql`
    select count(*) as total, (array_agg(id) ${listed ? sql`filter (${listed})` : sql``})[${inArray(offset + 1)}::int:${inArray(offset + limit)}::int] as ids
    from (select r.id, r.number ${matchingRuns(scope, search, values)} order by r.number desc) hit`
      : sql`
    with hit as materialized (
      select ${sql.join([sql`r.id`, sql`r.number`, ...keys.flatMap(({ columns }) => columns)], sql`, `)} ${matchingRuns(scope, search, values)}
    )
    select (select count(*) from hit) as total,
      array(select id from hit ${listed ?? sql``}
        order by ${sql.join([...order, sql`number desc`], sql`, `)} offset ${offset}::bigint limit ${limit}::bigint) as ids`,
  )
  return { total: row?.total ?? 0, ids: row?.ids ?? [] }
}

/** A place in an array, which is an int of four bytes. */
const inArray = (place: number): number => Math.min(place, 2 ** 31 - 1)

/** How many runs a project has that are not deleted, and not archived unless asked for. */
export async function countRuns(db: Handle, scope: ProjectScope, archived: boolean): Promise<number> {
  const [row] = await db.execute<{ n: number }>(sql`
    select count(*) as n from runs r where r.workspace_id = ${scope.workspaceId}::int and r.project_id = ${scope.projectId}::int
      and r.deleted_at is null ${archived ? sql`` : sql`and r.archived_at is null`}`)
  return row?.n ?? 0
}
