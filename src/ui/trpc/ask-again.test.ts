import { expect, test } from 'vitest'
import { ConnectionWatch } from '#src/ui/connection/connection-watch.ts'
import { mayAskAgain, RETRIES_ALONE, retryDelayMs } from './ask-again.ts'
import { CallError } from './call-error.ts'

const noAnswer = new CallError('fetch failed')
const answered = (httpStatus: number) => new CallError('no', { data: { httpStatus } })
const FAILURES = Array.from({ length: 10 }, (_, i) => i)

/** A watch, and how often it looked at the server. */
function watchOver(isThere: boolean) {
  const asked = { count: 0 }
  const watch = new ConnectionWatch(async () => {
    asked.count++
    return isThere
  })
  return { watch, asked }
}

test('a question that alone gets no answer is asked three times again, then its place says so', async () => {
  const { watch } = watchOver(true)
  const said: boolean[] = []
  for (const failures of FAILURES) {
    said.push(mayAskAgain(failures, noAnswer, watch))
    await watch.look()
  }
  expect(said).toEqual(FAILURES.map((failures) => failures < RETRIES_ALONE))
})

test('while the server is away a question is asked on, however often it failed', async () => {
  const { watch } = watchOver(false)
  await watch.look()
  expect(FAILURES.map((failures) => mayAskAgain(failures, noAnswer, watch))).toEqual(FAILURES.map(() => true))
})

test('while it is found out whether the server is away, nothing is given up', () => {
  const { watch } = watchOver(true)
  void watch.look()
  expect(mayAskAgain(99, noAnswer, watch)).toBe(true)
})

test.each([502, 503, 504])('a server that answers %i is asked again, and looked at', (status) => {
  const { watch, asked } = watchOver(true)
  expect([mayAskAgain(0, answered(status), watch), asked.count]).toEqual([true, 1])
})

test.each([
  ['a refusal', answered(403)],
  ['an absent thing', answered(404)],
  ['a broken server', answered(500)],
  ['a mistake of the page', new TypeError('x is undefined')],
])('%s is not asked again, and does not make the connection suspect', (_, error) => {
  const { watch, asked } = watchOver(true)
  expect([mayAskAgain(0, error, watch), asked.count]).toEqual([false, 0])
})

test('pauses grow up to fifteen seconds', () =>
  expect([0, 1, 2, 3, 4, 9].map(retryDelayMs)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]))
