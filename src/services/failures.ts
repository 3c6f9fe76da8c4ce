import { isUnavailable, sqlState } from '../db/clients.ts'
import { GoneMeanwhile } from '../db/gone-meanwhile.ts'
import { Refusal } from './errors.ts'

const RETRY_SOON_S = 2
const RETRY_WHEN_SPACE_S = 30

const BAD_TEXT =
  'A text of this request holds a character that cannot be stored: U+0000, or half of a surrogate pair. Take it out. Nothing was written.'

/** What PostgreSQL refuses of a value, whichever field it came in. */
const UNSTORABLE: Readonly<Record<string, string>> = {
  '22021': BAD_TEXT,
  '22P05': BAD_TEXT,
  '22P02': BAD_TEXT,
  '22003': 'A number of this request is too large to be stored. Nothing was written.',
}

/** Two wrote the same at one moment: one was first, or what one names was moved or deleted by the other. */
const AT_ONCE = new Set(['23503', '23505'])
/** Two waited for each other, or saw the same before: sent again it is judged anew. */
const IN_EACH_OTHERS_WAY = new Set(['40P01', '40001'])

/**
 * Failures of the ground under every verb, told as refusals: the database is away, a statement took too long, two
 * wrote the same at once, the disk is full.
 *
 * @returns null for an error that nobody expected
 */
export function refusalOfFailure(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  if (error instanceof GoneMeanwhile) return again()
  if (isUnavailable(error))
    return new Refusal('unavailable', 'The database cannot be reached at the moment. Try again shortly.', {
      retry_after_s: RETRY_SOON_S,
    })
  const state = sqlState(error)
  if (state === '57014')
    return new Refusal('unavailable', 'The database took too long over this. Try again, or ask for less.', {
      retry_after_s: RETRY_SOON_S,
    })
  if (state !== undefined && state !== null && UNSTORABLE[state] !== undefined)
    return new Refusal('invalid_request', UNSTORABLE[state])
  if (state !== undefined && state !== null && IN_EACH_OTHERS_WAY.has(state)) return again()
  if (state !== undefined && state !== null && AT_ONCE.has(state))
    return new Refusal('conflict', `${AT_THIS_MOMENT} send it again.`)
  if (state === '53100' || state === '53200' || isDiskFull(error))
    return new Refusal('storage_full', 'The disk of the server is full. Nothing was written; try again later.', {
      retry_after_s: RETRY_WHEN_SPACE_S,
    })
  return null
}

const AT_THIS_MOMENT = 'Another request wrote the same at this moment. Of this one nothing was written;'

/** Not a conflict: programs send it again by themselves, and it is not kept as the answer of its idempotency key. */
const again = (): Refusal =>
  new Refusal('unavailable', `${AT_THIS_MOMENT} send it again.`, { retry_after_s: RETRY_SOON_S })

function isDiskFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && (at.code === 'ENOSPC' || at.code === 'EDQUOT')) return true
  return false
}
