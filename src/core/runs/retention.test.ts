import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Deletion, daysLeft, deletedPhase, GRACE_MS, mayRestore, purgeDueMs } from './retention.ts'

const fresh: Deletion = { deletedAtMs: 1_000, isRequested: false, isStarted: false, isPurged: false }

test.each([
  ['just deleted', fresh, 1_000, 'restorable', true],
  ['a moment before the end of the grace time', fresh, 1_000 + GRACE_MS - 1, 'restorable', true],
  ['at its end', fresh, 1_000 + GRACE_MS, 'waiting', true],
  ['asked for at once', { ...fresh, isRequested: true }, 1_000, 'waiting', true],
  ['begun', { ...fresh, isStarted: true }, 1_000, 'deleting', false],
  ['done', { ...fresh, isStarted: true, isPurged: true }, 1_000, 'gone', false],
] as const)('a run %s', (_, deletion, now, phase, restorable) => {
  expect(deletedPhase(deletion, now)).toBe(phase)
  expect(mayRestore(phase)).toBe(restorable)
})

describe('days left', () => {
  test.each([
    [GRACE_MS, 0, 7],
    [GRACE_MS, 1, 7],
    [GRACE_MS, GRACE_MS - 1, 1],
    [GRACE_MS, GRACE_MS, 0],
    [GRACE_MS, GRACE_MS * 2, 0],
  ])('until %d at %d: %d', (due, now, days) => expect(daysLeft(due, now)).toBe(days))

  test('are never more than the grace time, and never say 0 while it can be waited for', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 * GRACE_MS }), (passed) => {
        const deletion = { ...fresh, deletedAtMs: 0 }
        const left = daysLeft(purgeDueMs(deletion) ?? 0, passed)
        expect(left).toBeLessThanOrEqual(7)
        expect(left > 0).toBe(deletedPhase(deletion, passed) === 'restorable')
      }),
    ))
})
