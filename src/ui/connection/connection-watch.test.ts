import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ConnectionWatch } from './connection-watch.ts'

let isThere = true
let asked: number[] = []
let watch: ConnectionWatch

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  isThere = true
  asked = []
  watch = new ConnectionWatch(async () => {
    asked.push(Date.now())
    return isThere
  })
})
afterEach(() => vi.useRealTimers())

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('one question without an answer is not a lost connection while the server answers another', async () => {
  watch.suspect()
  expect(watch.isTrusted).toBe(false)
  await pass(60_000)
  expect([watch.state.kind, watch.isTrusted, asked]).toEqual(['fine', true, [0]])
})

test('a server that is away is asked again after growing pauses, whoever suspects it meanwhile', async () => {
  isThere = false
  watch.suspect()
  for (let i = 0; i < 50; i++) {
    await pass(1_000)
    watch.suspect()
  }
  expect(asked).toEqual([0, 1_000, 3_000, 7_000, 15_000, 30_000, 45_000])
  expect(watch.state).toEqual({ kind: 'lost', sinceMs: 0, retryAtMs: 60_000, isHeld: false })
})

test('once it answers the loss is over by itself, those who wait are told once, and pauses begin anew', async () => {
  const returns: number[] = []
  watch.onReturn(() => returns.push(Date.now()))
  isThere = false
  watch.suspect()
  await pass(5_000)
  isThere = true
  await pass(60_000)
  expect([watch.state, returns]).toEqual([{ kind: 'fine' }, [7_000]])
  isThere = false
  watch.suspect()
  await pass(0)
  expect(watch.state).toEqual({ kind: 'lost', sinceMs: 65_000, retryAtMs: 66_000, isHeld: false })
})

test('an answer to anybody ends the loss, and nothing is asked any more', async () => {
  isThere = false
  watch.suspect()
  await pass(500)
  watch.answered()
  await pass(60_000)
  expect([watch.state.kind, asked]).toEqual(['fine', [0]])
})

test('it can be tried at once, and the pause grows from there', async () => {
  isThere = false
  watch.suspect()
  await pass(1_500)
  watch.tryNow()
  await pass(0)
  expect([asked, watch.state]).toEqual([
    [0, 1_000, 1_500],
    { kind: 'lost', sinceMs: 0, retryAtMs: 5_500, isHeld: false },
  ])
})

test.each(['fine', 'lost'] as const)(
  'an answer to anybody while it is asked counts more than a question that got none, when it was %s',
  async (before) => {
    let fail = () => {}
    let isHeldBack = before === 'fine'
    watch = new ConnectionWatch(() => {
      if (!isHeldBack) return Promise.resolve(false)
      return new Promise((resolve) => {
        fail = () => resolve(false)
      })
    })
    if (before === 'lost') {
      await watch.look()
      isHeldBack = true
    }
    const looked = watch.look()
    watch.answered()
    fail()
    expect([await looked, watch.state]).toEqual([true, { kind: 'fine' }])
    await pass(60_000)
    expect(watch.state).toEqual({ kind: 'fine' })
  },
)

test('a page is not left while the server is away: it is tried at once and said, until it is back', async () => {
  expect(watch.mayLeave()).toBe(true)
  isThere = false
  watch.suspect()
  await pass(500)
  expect(watch.mayLeave()).toBe(false)
  await pass(0)
  expect([asked, watch.state]).toEqual([[0, 500], { kind: 'lost', sinceMs: 0, retryAtMs: 2_500, isHeld: true }])
  isThere = true
  await pass(10_000)
  expect([watch.state, watch.mayLeave()]).toEqual([{ kind: 'fine' }, true])
})
