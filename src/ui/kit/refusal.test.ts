import { expect, test } from 'vitest'
import { CallError } from '#src/ui/trpc/call-error.ts'
import { refusedBy } from './refusal.ts'

test('a refusal stands at the field that the server names, by its whole path', () => {
  const refused = refusedBy(refusal('/benchmarks/1/tolerance'), ['benchmarks/0/tolerance', 'benchmarks/1/tolerance'])
  expect(refused.at('benchmarks/1/tolerance')).toBe('must be at least 0')
  expect(refused.at('benchmarks/0/tolerance')).toBeNull()
  expect(refused.elsewhere).toBeNull()
})

test('a refusal of something that the form does not show stands in its foot', () => {
  const refused = refusedBy(refusal('/checkpoint'), ['reason'])
  expect(refused.at('reason')).toBeNull()
  expect(refused.elsewhere).toBe('must be at least 0')
})

test('a failure that names no field stands in the foot; without a failure nothing is said', () => {
  expect(refusedBy(new Error('The server did not answer.'), ['reason']).elsewhere).toBe('The server did not answer.')
  expect(refusedBy(null, ['reason']).elsewhere).toBeNull()
  expect(refusedBy(undefined, ['reason']).at('reason')).toBeNull()
})

const refusal = (pointer: string) =>
  new CallError('refused', {
    data: { code: 'BAD_REQUEST', httpStatus: 400, problem: { errors: [{ pointer, message: 'must be at least 0' }] } },
  })
