import { battles } from '#src/db/schema/battles.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewBattle = Omit<typeof battles.$inferInsert, 'id' | 'workspaceId' | 'projectId' | 'createdAt'>

/** One statement takes 65,535 parameters at most. */
const ROWS_PER_STATEMENT = 2000

/** Adds battles; those whose name is taken stay as they are. Gives the names that were added. */
export async function insertBattles(db: Handle, scope: ProjectScope, rows: readonly NewBattle[]): Promise<Set<string>> {
  const added = new Set<string>()
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    const part = rows.slice(from, from + ROWS_PER_STATEMENT)
    const made = await db
      .insert(battles)
      .values(part.map((row) => ({ ...row, workspaceId: scope.workspaceId, projectId: scope.projectId })))
      .onConflictDoNothing({ target: [battles.projectId, battles.name] })
      .returning({ name: battles.name })
    for (const { name } of made) added.add(name)
  }
  return added
}
