import { isUnavailable, sqlState } from '../db/clients.ts'
import { Refusal } from './errors.ts'

const RETRY_SOON_S = 2
const RETRY_WHEN_SPACE_S = 30

/**
 * Failures of the ground under every verb, told as refusals: the database is away, a statement took too long, the disk is full.
 *
 * @returns null for an error that nobody expected
 */
export function refusalOfFailure(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  if (isUnavailable(error))
    return new Refusal('unavailable', 'The database cannot be reached at the moment. Try again shortly.', {
      retry_after_s: RETRY_SOON_S,
    })
  const state = sqlState(error)
  if (state === '57014')
    return new Refusal('unavailable', 'The database took too long over this. Try again, or ask for less.', {
      retry_after_s: RETRY_SOON_S,
    })
  if (state === '53100' || state === '53200' || isDiskFull(error))
    return new Refusal('storage_full', 'The disk of the server is full. Nothing was written; try again later.', {
      retry_after_s: RETRY_WHEN_SPACE_S,
    })
  return null
}

function isDiskFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && (at.code === 'ENOSPC' || at.code === 'EDQUOT')) return true
  return false
}
