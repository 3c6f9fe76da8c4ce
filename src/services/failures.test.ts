import { describe, expect, test } from 'vitest'
import { GoneMeanwhile } from '../db/gone-meanwhile.ts'
import { Refusal } from './errors.ts'
import { refusalOfFailure } from './failures.ts'

const failed = (code: string) => new Error('Failed query', { cause: Object.assign(new Error(code), { code }) })

describe('a failure of the database', () => {
  test('of two who wrote the same at once is a conflict that may be sent again', () =>
    expect(refusalOfFailure(failed('23505'))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('send it again'),
    }))
  test.each([failed('40P01'), failed('40001'), new GoneMeanwhile('run')])(
    'of two in each other’s way (%s) is sent again by programs themselves',
    (error) =>
      expect(refusalOfFailure(error)).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('send it again'),
        detail: { retry_after_s: 2 },
      }),
  )
  test('that nobody expected is told as none', () => {
    expect(refusalOfFailure(failed('42P01'))).toBeNull()
    expect(refusalOfFailure(new Error('Broken assumption'))).toBeNull()
  })
  test('that was told already stays as it is', () => {
    const told = new Refusal('conflict', 'Another project is called so.')
    expect(refusalOfFailure(told)).toBe(told)
  })
})
