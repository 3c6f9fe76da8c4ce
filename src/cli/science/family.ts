/**
 * A family of operations that `npm run -s science -- FAMILY` offers. An operation checks its input, calls functions of `src/core`
 * and names their results; it holds no formula of its own, for the command is there to prove the functions that pages and doors use.
 *
 * To add a family: write `NAME.ts` here, which exports a `Family`, give it a line in `families.ts`, and put its cases into
 * `test/fixtures/science/NAME.json`; the tests run the cases of every file there. Shapes and domains of single fields belong in the
 * schema; what only the rule can know (a cycle, arrays of unequal length) the core function throws as a RangeError, whose
 * sentence names the field and the value. Either way the caller gets `{"error": …}` and status 1. What is not defined for good
 * input is null.
 */
import { z } from 'zod'

/** Answers one parsed JSON input with an object. */
export type Operation = (input: unknown) => object

/** Operations by the value of `op`. */
export type Family = Readonly<Record<string, Operation>>

/**
 * An operation from the schema of its input and what it does with it.
 *
 * @throws z.ZodError when the input does not fit the schema
 */
export const operation =
  <Input extends z.ZodType>(input: Input, run: (input: z.output<Input>) => object): Operation =>
  (given) =>
    run(input.parse(given))

/** A finite number of at least 0. */
export const notNegative = z.number().min(0)
/** A finite number above 0. */
export const positive = z.number().positive()
/** A share, 0…1. */
export const share = z.number().min(0).max(1)
/** A whole number of at least 0. */
export const count = z.int().min(0)
