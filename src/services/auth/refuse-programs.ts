import type { Permission } from '#src/core/roles/permissions.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../errors.ts'

/** True for what runs unattended: a job's program, or one with an ingest key. */
export const isProgram = ({ actor }: Context): boolean =>
  actor.kind === 'job' || actor.kind === 'agent' || (actor.kind === 'apiKey' && actor.scope === 'ingest')

/**
 * Leaves a decision to people: they decide in the browser or with an admin key. Call it once the place is proven.
 *
 * @param sentence who does this, and how
 * @throws Refusal `forbidden`
 */
export function refusePrograms(ctx: Context, permission: Permission, sentence: string): void {
  if (isProgram(ctx)) throw new Refusal('forbidden', sentence, { permission })
}
