import { type SQL, sql } from 'drizzle-orm'
import type { Orientation } from '../../../core/metrics/orientation.ts'
import { RUN_STATES, type RunState } from '../../../core/runs/states.ts'
import type { Field } from '../../../core/search/field.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import { fieldValue, valueColumns } from './field-values.ts'
import { type BoundSearch, matchingRuns } from './find-matching.ts'

export interface GroupColumn {
  field: Field
  better: Orientation | null
}

export interface GroupedNumbers {
  n: number
  mean: number
  median: number
  min: number
  max: number
  sum: number
  sd: number | null
  best: number | null
}

export interface MatchingGroup {
  values: (number | string | boolean | null)[]
  count: number
  states: Partial<Record<RunState, number>>
  numbers: (GroupedNumbers | null)[]
}

/**
 * Matching runs by the values of some fields, in the order in which `findMatching` sorts by them ascending; of each column the numbers of
 * the group. Finite numbers count. The last part of the answer says how many groups and runs there are in all.
 */
export async function groupMatching(
  db: Handle,
  scope: ProjectScope,
  search: BoundSearch,
  of: { group: readonly Field[]; columns: readonly GroupColumn[]; limit: number },
): Promise<{ groups: MatchingGroup[]; total: number; inAll: number }> {
  const keys = of.group.map((field, i) => fieldValue(scope, search.bindings, field, `k${i}`))
  const columns = of.columns.map(({ field }, i) => fieldValue(scope, search.bindings, field, `c${i}`))
  const named = keys.map((value, i) => valueColumns(value, `k${i}`))
  const names = named.flatMap((key) => key.names)
  const numbers = columns.map(({ number }, i) =>
    number
      ? sql`case when ${number} between -1.7976931348623157e308 and 1.7976931348623157e308 then ${number} end as ${sql.identifier(`c${i}`)}`
      : null,
  )
  const selected = [
    sql`r.number`,
    sql`r.state`,
    ...named.flatMap((key) => key.columns),
    ...numbers.filter((one) => one !== null),
  ]
  const aggregates: SQL[] = [
    ...RUN_STATES.map(
      (state) => sql`count(*) filter (where state = ${state}::text) as ${sql.identifier(`s_${state}`)}`,
    ),
    ...of.columns.flatMap(({ better }, i) => (numbers[i] ? numbersOf(i, better) : [])),
  ]
  const by = names.length === 0 ? sql`()` : sql.join(names, sql`, `)
  const rows = await db.execute<Record<string, unknown>>(sql`
    with hit as materialized (select ${sql.join(selected, sql`, `)} ${matchingRuns(scope, search, [...keys, ...columns])})
    select ${sql.join([...named.flatMap((key) => key.names), sql`count(*) as count`, ...aggregates], sql`, `)},
      sum(count(*)) over () as total, count(*) over () as in_all
    from hit group by ${by}
    ${
      names.length === 0
        ? sql``
        : sql`order by ${sql.join(
            names.map((name) => sql`${name} asc nulls last`),
            sql`, `,
          )}`
    }
    limit ${of.limit}::bigint`)
  return {
    groups: rows.map((row) => ({
      values: of.group.map(
        (_, i) => (row[`nk${i}`] ?? row[`tk${i}`] ?? row[`bk${i}`] ?? null) as number | string | boolean | null,
      ),
      count: row.count as number,
      states: Object.fromEntries(
        RUN_STATES.flatMap((state) => (row[`s_${state}`] ? [[state, row[`s_${state}`] as number]] : [])),
      ),
      numbers: of.columns.map((_, i) => (row[`c${i}_n`] ? readNumbers(row, i) : null)),
    })),
    total: Number(rows[0]?.total ?? 0),
    inAll: Number(rows[0]?.in_all ?? 0),
  }
}

function numbersOf(i: number, better: Orientation | null): SQL[] {
  const value = sql.identifier(`c${i}`)
  const as = (what: string) => sql.identifier(`c${i}_${what}`)
  return [
    sql`count(${value}) as ${as('n')}`,
    sql`avg(${value}) as ${as('mean')}`,
    sql`percentile_cont(0.5) within group (order by ${value}) as ${as('median')}`,
    sql`min(${value}) as ${as('min')}`,
    sql`max(${value}) as ${as('max')}`,
    sql`sum(${value}) as ${as('sum')}`,
    sql`stddev_samp(${value}) as ${as('sd')}`,
    ...(better === null
      ? []
      : [
          // The least pair of value and number: no group is sorted for it.
          better === 'lower'
            ? sql`(min(case when ${value} is not null then array[${value}, number::float8] end))[2] as ${as('best')}`
            : sql`-(max(case when ${value} is not null then array[${value}, -number::float8] end))[2] as ${as('best')}`,
        ]),
  ]
}

const readNumbers = (row: Record<string, unknown>, i: number): GroupedNumbers => {
  const of = (what: string) => row[`c${i}_${what}`] as number
  return {
    n: of('n'),
    mean: of('mean'),
    median: of('median'),
    min: of('min'),
    max: of('max'),
    sum: of('sum'),
    sd: (row[`c${i}_sd`] ?? null) as number | null,
    best: (row[`c${i}_best`] ?? null) as number | null,
  }
}
