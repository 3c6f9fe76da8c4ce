import { actorName } from '#src/services/actor.ts'
import { beginOnce, finishOnce, giveUpOnce } from '#src/services/auth/idempotency.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { tellProblem } from '../problem.ts'
import { problemAnswer, type TextAnswer } from './answer.ts'

const KEY = /^[\x21-\x7e]{1,128}$/

export interface OnceCall {
  /** Method and path. */
  route: string
  key: string
  bodyHash: string
}

/**
 * Answers a creating call once: a repeat with the same key and body gets the stored answer with `Idempotent-Replay: true`. What
 * no verb decided, such as two who wrote the same at one moment, and outcomes from 500 on are not kept, so that the caller may try again.
 *
 * @throws Refusal `idempotency_mismatch`, `idempotency_in_flight`
 */
export async function answerOnce(
  ctx: Context,
  call: OnceCall,
  work: () => Promise<TextAnswer | Response>,
): Promise<TextAnswer | Response> {
  if (!KEY.test(call.key))
    throw invalid(
      '/headers/idempotency-key',
      'Idempotency-Key must be 1 to 128 printable ASCII characters without blanks.',
    )
  const owner = actorName(ctx.actor)
  const begun = await beginOnce(ctx, { owner, ...call })
  if (begun.kind === 'replay')
    return {
      status: begun.status,
      headers: {
        'content-type': begun.status >= 400 ? 'application/problem+json' : 'application/json',
        'idempotent-replay': 'true',
      },
      text: begun.answer === null ? null : JSON.stringify(begun.answer),
    }
  let answer: TextAnswer | Response
  try {
    answer = await work()
  } catch (error) {
    const told = tellProblem(error, ctx.requestId)
    if (told.status >= 500 || !(error instanceof Refusal)) {
      await giveUpOnce(ctx, { owner, ...call })
      throw error
    }
    answer = problemAnswer(told)
  }
  const text = answer instanceof Response ? await answer.clone().text() : answer.text
  await finishOnce(ctx, { owner, ...call }, answer.status, text ? JSON.parse(text) : null)
  return answer
}
