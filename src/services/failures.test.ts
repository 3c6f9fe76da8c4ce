import { describe, expect, test } from 'vitest'
import { GoneMeanwhile } from '../db/gone-meanwhile.ts'
import { Refusal } from './errors.ts'
import { refusalOfFailure } from './failures.ts'

const failed = (code: string) => new Error('Failed query', { cause: Object.assign(new Error(code), { code }) })

describe('a failure of the database', () => {
  test.each(['40P01', '40001', '23505'])(
    'of two who wrote the same at once (%s) is a conflict that may be sent again',
    (code) =>
      expect(refusalOfFailure(failed(code))).toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('send it again'),
      }),
  )
  test('that found its row gone meanwhile is one, too', () =>
    expect(refusalOfFailure(new GoneMeanwhile('run'))).toMatchObject({ code: 'conflict' }))
  test('that nobody expected is told as none', () => {
    expect(refusalOfFailure(failed('42P01'))).toBeNull()
    expect(refusalOfFailure(new Error('Broken assumption'))).toBeNull()
  })
  test('that was told already stays as it is', () => {
    const told = new Refusal('conflict', 'Another project is called so.')
    expect(refusalOfFailure(told)).toBe(told)
  })
})
