import { and, eq, inArray, sql } from 'drizzle-orm'
import { aliases } from '../../schema/workspaces.ts'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import type { AliasKind } from './find-alias.ts'

/** An old name and what it named. `project` as in `findAlias`. */
export interface Alias {
  kind: AliasKind
  project: string
  name: string
  targetId: number
}

/** Lets an old name go on pointing at what it named. */
export async function keepAlias(db: Handle, scope: Scope, alias: Alias): Promise<void> {
  await db
    .insert(aliases)
    .values({ ...alias, workspaceId: scope.workspaceId })
    .onConflictDoUpdate({
      target: [aliases.workspaceId, aliases.kind, aliases.project, aliases.name],
      set: { targetId: sql`excluded.target_id` },
    })
}

/** Forgets an old name, because what it named takes it back. */
export async function dropAlias(db: Handle, scope: Scope, alias: Alias): Promise<void> {
  await db
    .delete(aliases)
    .where(
      and(
        eq(aliases.workspaceId, scope.workspaceId),
        eq(aliases.kind, alias.kind),
        eq(aliases.project, alias.project),
        eq(aliases.name, alias.name),
        eq(aliases.targetId, alias.targetId),
      ),
    )
}

/** Old names inside a project are looked for under its present slug: they follow it when it changes. */
export async function carryAliases(db: Handle, scope: Scope, from: string, to: string): Promise<void> {
  await db
    .update(aliases)
    .set({ project: to })
    .where(
      and(
        eq(aliases.workspaceId, scope.workspaceId),
        eq(aliases.project, from),
        inArray(aliases.kind, ['experiment', 'run']),
      ),
    )
}
