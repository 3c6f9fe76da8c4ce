import { type SQL, sql } from 'drizzle-orm'
import type { Field } from '../../../core/search/field.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import type { SearchBindings } from './bindings.ts'
import { fieldValue, valueColumns } from './field-values.ts'
import { matchingRuns } from './find-matching.ts'

export interface FieldValueRow {
  value: number | string | boolean
  runs: number
}

/** Values of a field that contain `text`, without case, with how many runs have each: what begins with it first, then the most common. */
export async function listFieldValues(
  db: Handle,
  scope: ProjectScope,
  bindings: SearchBindings,
  field: Field,
  { text, limit }: { text: string; limit: number },
): Promise<FieldValueRow[]> {
  const source = sourceOf(scope, bindings, field)
  if (!source) return []
  const written = sql`lower(coalesce(s.t, s.n::text, s.b::text))`
  const rows = await db.execute<{ n: number | null; t: string | null; b: boolean | null; runs: number }>(sql`
    select s.n, s.t, s.b, s.runs
    from (select n, t, b, count(*) as runs from (${source}) v where n is not null or t is not null or b is not null group by n, t, b) s
    where strpos(${written}, lower(${text}::text)) > 0
    order by starts_with(${written}, lower(${text}::text)) desc, s.runs desc, s.t collate "C", s.n limit ${limit}::bigint`)
  return rows.map(({ n, t, b, runs }) => ({ value: (n ?? t ?? b) as number | string | boolean, runs }))
}

/** Columns `n`, `t` and `b`, a row for each run and value; null for a field that nobody has. */
function sourceOf(scope: ProjectScope, bindings: SearchBindings, field: Field): SQL | null {
  if (field.kind === 'config') {
    const key = bindings.configKeys.get(field.key)
    return key === undefined
      ? null
      : sql`select v.number as n, v.text as t, v.truth as b from config_values v
          where v.project_id = ${scope.projectId}::int and v.key_id = ${key}::int`
  }
  if (field.kind === 'plain' && field.name === 'tag')
    return sql`select null::float8 as n, t.tag as t, null::boolean as b from run_tags t where t.project_id = ${scope.projectId}::int`
  const value = fieldValue(scope, bindings, field, 'v')
  const { columns } = valueColumns(value, 'v')
  if (columns.length === 0) return null
  const search = { expr: null, bindings, archived: false }
  return sql`select ${value.number ? sql`nv` : sql`null::float8`} as n, ${value.text ? sql`tv` : sql`null::text`} as t, null::boolean as b
    from (select ${sql.join(columns, sql`, `)} ${matchingRuns(scope, search, [value])}) h`
}
