import { type SQL, sql } from 'drizzle-orm'

/** What is looked for, in one project or in all of the workspace. */
export interface Sought {
  /** Lower case, at least one; a name is found when it contains each of them. */
  words: readonly string[]
  /** As it was typed, in lower case. */
  text: string
  /** As it was typed. */
  exact: string
  /** Null: all projects. */
  projectId: number | null
  limit: number
}

/** True where each of the words is in the text, without case. */
export const holdsAll = (column: SQL, words: readonly string[]): SQL =>
  sql`(${sql.join(
    words.map((word) => sql`strpos(lower(${column}), ${word}::text) > 0`),
    sql` and `,
  )})`

/** Equal first, then what begins so, then what has it inside. */
export const rankOf = (column: SQL, text: string): SQL =>
  sql`case when lower(${column}) = ${text}::text then 0 when starts_with(lower(${column}), ${text}::text) then 1 else 2 end`

/** In the project, or anywhere. */
export const inside = (column: SQL, projectId: number | null): SQL =>
  projectId === null ? sql`true` : sql`${column} = ${projectId}::int`
