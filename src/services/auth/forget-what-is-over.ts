import { deleteWhatIsOver } from '../../db/queries/auth/delete-what-is-over.ts'
import type { Context } from '../context.ts'
import { invariant } from '../errors.ts'

/** Deletes idempotency records, links, tokens and sessions whose time is over. For the clock alone. */
export async function forgetWhatIsOver(ctx: Context): Promise<void> {
  invariant(ctx.actor.kind === 'clock', 'only the clock forgets')
  await deleteWhatIsOver(ctx.db)
}
