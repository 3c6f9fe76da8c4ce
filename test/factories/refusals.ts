import { expect } from 'vitest'
import type { ProblemCode } from '#src/protocol/problem.ts'
import { Refusal } from '#src/services/errors.ts'

/** The refusal that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    (answer) => new Error(`it answered ${JSON.stringify(answer)?.slice(0, 200)}`),
    (thrown) => thrown,
  )
  if (!(error instanceof Refusal)) throw error
  return error
}

/** Expects a refusal with this code, and answers it. */
export async function expectRefusal(call: Promise<unknown>, code: ProblemCode): Promise<Refusal> {
  const found = await refusal(call)
  expect(`${found.code}: ${found.message}`).toMatch(new RegExp(`^${code}: `))
  return found
}
