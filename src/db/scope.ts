declare const proven: unique symbol

/** A workspace that an actor was shown to reach. The first argument of every query; every WHERE names it. */
export interface Scope {
  readonly workspaceId: number
  readonly [proven]: true
}

/** A project of a proven workspace. */
export interface ProjectScope extends Scope {
  readonly projectId: number
}

/**
 * Makes a scope. Called only where membership, key, lease or link has just been checked (`services/workspaces/open.ts`),
 * and by the clock, which acts for the instance; a house test lists the callers.
 */
export const workspaceScope = (workspaceId: number): Scope => ({ workspaceId }) as Scope

export const projectScope = (workspaceId: number, projectId: number): ProjectScope =>
  ({ workspaceId, projectId }) as ProjectScope
