import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../errors.ts'

/** Narrows to somebody who is signed in. @throws Refusal `unauthenticated` */
export function requireUser(ctx: Context): Extract<Actor, { kind: 'user' }> {
  if (ctx.actor.kind !== 'user' || !(ctx.actor.userId > 0))
    throw new Refusal('unauthenticated', 'Sign in: your session has ended or was revoked.')
  return ctx.actor
}
