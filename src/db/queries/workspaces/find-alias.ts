import { and, eq } from 'drizzle-orm'
import { aliases } from '../../schema/workspaces.ts'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export type AliasKind = 'workspace' | 'project' | 'experiment' | 'run'

/** The id that an old name still points at. `project` is the project's slug at the time, '' where names are unique in the workspace. */
export async function findAlias(
  db: Handle,
  scope: Scope,
  kind: AliasKind,
  project: string,
  name: string,
): Promise<number | null> {
  const rows = await db
    .select({ targetId: aliases.targetId })
    .from(aliases)
    .where(
      and(
        eq(aliases.workspaceId, scope.workspaceId),
        eq(aliases.kind, kind),
        eq(aliases.project, project),
        eq(aliases.name, name),
      ),
    )
  return rows[0]?.targetId ?? null
}
