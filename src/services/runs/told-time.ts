import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'

/**
 * The time that a client tells of something that has happened, else now. A job's times are measured by its agent and not told.
 *
 * @param told RFC 3339
 * @param pointer the member that tells it
 * @returns RFC 3339 in UTC
 * @throws Refusal `invalid_request` for a time in the future, or one told with a job token
 */
export function toldTime({ actor, services }: Context, told: string | undefined, pointer: string): string {
  const now = services.now()
  if (told === undefined) return now.toISOString()
  if (actor.kind === 'job')
    throw invalid(pointer, `The times of a job's attempt are measured; leave ${pointer.slice(1)} out.`)
  const at = new Date(told)
  if (at > now)
    throw invalid(
      pointer,
      `${pointer.slice(1)} is ${told}, which is in the future: here it is ${now.toISOString()}. Tell a time that has passed, or leave it out.`,
    )
  return at.toISOString()
}
