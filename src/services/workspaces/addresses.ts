import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { workspaceOf } from './open.ts'

/** The slug of a proven workspace, without asking the database where the actor knows it. */
export async function workspaceSlug(ctx: Context, scope: Scope): Promise<string> {
  const { actor } = ctx
  if ('workspaceSlug' in actor && actor.workspaceId === scope.workspaceId) return actor.workspaceSlug
  return (await workspaceOf(ctx, scope)).slug
}

/** Addresses of a workspace's pages, whole, for people and clients; the pages themselves are in `src/ui/paths.ts`. */
export interface Addresses {
  project(project: string): string
  experiment(project: string, number: number): string
  run(project: string, number: number): string
  /** Where a checkpoint came from; it stays when run, stage or project are renamed or moved. */
  checkpoint(id: string): string
}

/** Page addresses below the workspace of a scope. */
export async function addressesOf(ctx: Context, scope: Scope): Promise<Addresses> {
  const base = `${ctx.services.settings.publicUrl}/${encodeURIComponent(await workspaceSlug(ctx, scope))}`
  return {
    project: (project) => `${base}/${project}`,
    experiment: (project, number) => `${base}/${project}/experiments/${number}`,
    run: (project, number) => `${base}/${project}/runs/${number}`,
    checkpoint: (id) => `${base}/checkpoints/${id}`,
  }
}

/** Address of a file of a checkpoint. */
export const fileAddress = (ctx: Context, checkpoint: string, name: string): string =>
  `${ctx.services.settings.publicUrl}/api/v1/checkpoints/${checkpoint}/files/${encodeURIComponent(name)}`

/** Address of an artifact's content. */
export const artifactAddress = (ctx: Context, artifact: string): string =>
  `${ctx.services.settings.publicUrl}/api/v1/artifacts/${artifact}/content`
