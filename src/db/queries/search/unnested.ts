import { type SQL, sql } from 'drizzle-orm'
import type { ReckonedValues } from './bindings.ts'

/** Reckoned values as rows of an id and a value. */
export function unnested({ ids, values }: ReckonedValues): SQL {
  const type = typeof values[0] === 'string' ? sql`text[]` : sql`float8[]`
  return sql`unnest(${sql.param([...ids])}::bigint[], ${sql.param([...values])}::${type})`
}
