import {
  beginIdempotentCall,
  findIdempotentCall,
  finishIdempotentCall,
  forgetIdempotentCall,
  type IdempotentCall,
} from '../../db/queries/auth/idempotent-calls.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../errors.ts'

export type Begun = { kind: 'first' } | { kind: 'replay'; status: number; answer: unknown }

/**
 * Begins a creating call under its Idempotency-Key, outside the verb's own transaction: a concurrent repeat must see it.
 *
 * @throws Refusal `idempotency_mismatch` for the same key with another body; `idempotency_in_flight` while the first still runs
 */
export async function beginOnce(ctx: Context, call: IdempotentCall): Promise<Begun> {
  const { db } = ctx.services
  if (await beginIdempotentCall(db, call)) return { kind: 'first' }
  const found = await findIdempotentCall(db, call)
  if (found && found.bodyHash !== call.bodyHash)
    throw new Refusal(
      'idempotency_mismatch',
      `The Idempotency-Key "${call.key}" was used with another body. Take a new key for a new call.`,
    )
  if (!found || found.status === null)
    throw new Refusal(
      'idempotency_in_flight',
      'The first call with this Idempotency-Key is still running. Try again.',
      {
        retry_after_s: 1,
      },
    )
  return { kind: 'replay', status: found.status, answer: found.answer }
}

/** Stores the first outcome, for 24 hours. */
export const finishOnce = (ctx: Context, call: IdempotentCall, status: number, answer: unknown): Promise<void> =>
  finishIdempotentCall(ctx.services.db, call, status, answer)

/** Lets the key be used again after an outcome that is not kept. */
export const giveUpOnce = (ctx: Context, call: IdempotentCall): Promise<void> =>
  forgetIdempotentCall(ctx.services.db, call)
