import { z } from 'zod'
import { families } from './families.ts'

export interface Answer {
  /** Exit status: 0, or 1 with an `error`. */
  status: 0 | 1
  /** One JSON object. */
  json: string
}

/**
 * Answers one input of a family: what `npm run -s science -- FAMILY < input.json` prints and exits with. Bad input gives
 * `{"error": {"code", "message"}}`, whose message names the field; a defect throws.
 *
 * @param text the input, one JSON object with an `op`
 */
export function answer(family: string | undefined, text: string): Answer {
  const operations = named(families, family)
  if (!operations) return refusal('unknown_family', unknown('family', family, families))
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch (error) {
    return refusal('not_json', `The input is not JSON: ${(error as Error).message}`)
  }
  const op = typeof input === 'object' && input !== null && 'op' in input ? input.op : undefined
  const run = typeof op === 'string' ? named(operations, op) : undefined
  if (!run) return refusal('unknown_op', unknown('"op"', op, operations))
  try {
    return { status: 0, json: JSON.stringify(run(input)) }
  } catch (error) {
    if (error instanceof z.ZodError) return refusal('bad_input', error.issues.map(sentence).join(' '))
    if (error instanceof RangeError) return refusal('bad_input', error.message)
    throw error
  }
}

const refusal = (code: string, message: string): Answer => ({
  status: 1,
  json: JSON.stringify({ error: { code, message } }),
})

const named = <T>(table: Readonly<Record<string, T>>, name: string | undefined): T | undefined =>
  name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined

const unknown = (what: string, given: unknown, table: Readonly<Record<string, unknown>>): string =>
  `${what} is ${given === undefined ? 'missing' : JSON.stringify(given)}; it may be ${Object.keys(table).sort().join(', ')}.`

const sentence = (issue: z.core.$ZodIssue): string =>
  `${issue.path.length === 0 ? 'The input' : issue.path.map(String).join('.')}: ${issue.message}.`
