import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { paceCalls } from './pace-calls.ts'

let calls: number[] = []
beforeEach(() => {
  vi.useFakeTimers({ now: 10_000 })
  calls = []
})
afterEach(() => vi.useRealTimers())

const note = () => void calls.push(Date.now() - 10_000)

test('one asking is one call, at once', async () => {
  paceCalls(note, 1_000).ask()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(calls).toEqual([0])
})

test('however often it is asked, it is called once per pace, and once more after the last asking', async () => {
  const pace = paceCalls(note, 1_000)
  for (let i = 0; i < 25; i++) {
    pace.ask()
    await vi.advanceTimersByTimeAsync(100)
  }
  await vi.advanceTimersByTimeAsync(5_000)
  expect(calls).toEqual([0, 1_000, 2_000, 3_000])
})

test('a call that takes long is not overtaken by the next', async () => {
  const pace = paceCalls(async () => {
    note()
    await new Promise((resolve) => setTimeout(resolve, 3_000))
  }, 1_000)
  for (let i = 0; i < 50; i++) {
    pace.ask()
    await vi.advanceTimersByTimeAsync(100)
  }
  // A pause of nothing is a millisecond.
  expect(calls).toEqual([0, 3_001])
})

test('a call that fails does not stop the next, and after the end there is none', async () => {
  const pace = paceCalls(() => {
    note()
    throw new Error('no answer')
  }, 1_000)
  pace.ask()
  await vi.advanceTimersByTimeAsync(10)
  pace.ask()
  await vi.advanceTimersByTimeAsync(2_000)
  pace.ask()
  pace.end()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(calls).toEqual([0, 1_000])
})
