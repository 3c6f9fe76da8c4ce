import type { Scope } from '../../db/scope.ts'
import { permissionsIn } from '../authorize.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../errors.ts'

/** Whose keys the actor may see and end here: null for everybody's, else the user's own. */
export function keysOf(ctx: Context, scope: Scope): number | null {
  if (permissionsIn(ctx.actor, scope)?.includes('key:manage-all')) return null
  if (ctx.actor.kind === 'user') return ctx.actor.userId
  throw new Refusal('forbidden', 'Keys are managed by people, in the settings or on the box.', {
    permission: 'key:manage-all',
  })
}
