import { beforeEach, describe, expect, test } from 'vitest'
import type { Log } from '../context.ts'
import { openLiveHub } from './live-hub.ts'
import type { LiveHub, NewsFilter, RunNews } from './run-news.ts'

let failures = 0
const log: Log = { info: () => {}, warn: () => {}, error: () => failures++ }
let hub: LiveHub
beforeEach(() => {
  failures = 0
  hub = openLiveHub(log)
})

describe('news of a run reaches', () => {
  test.each<[string, NewsFilter, number[]]>([
    ['those who named the run', new Set([1, 3]), [1, 3]],
    ['those who named its project', { projectId: 10 }, [1, 2]],
    ['those whose function says yes', (runId) => runId > 1, [2, 3]],
    ['nobody who named nothing', new Set(), []],
  ])('%s', (_, filter, heard) => {
    const taken: number[] = []
    hub.subscribe(filter, (news) => taken.push(news.runId))
    tellOf(1, 10)
    tellOf(2, 10)
    tellOf(3, 20)
    expect(taken).toEqual(heard)
  })

  test('nobody who has left, and a set that is changed afterwards changes nothing', () => {
    const taken: number[] = []
    const named = new Set([1])
    const leave = [named, { projectId: 10 }, () => true].map((filter) =>
      hub.subscribe(filter, (news) => taken.push(news.runId)),
    )
    named.add(2)
    tellOf(2, 20)
    expect(taken).toEqual([2])
    named.clear()
    for (const end of leave) end()
    tellOf(1, 10)
    expect(taken).toEqual([2])
  })
})

test('a reader that breaks stops neither the writer nor the other readers', () => {
  const taken: number[] = []
  hub.subscribe(new Set([1]), () => {
    throw new Error('broken')
  })
  hub.subscribe(new Set([1]), (news) => taken.push(news.runId))
  tellOf(1)
  expect([taken, failures]).toEqual([[1], 1])
})

test('a gap is told to all who want to know', () => {
  let gaps = 0
  const leave = hub.subscribe(
    new Set([1]),
    () => {},
    () => gaps++,
  )
  hub.subscribe({ projectId: 1 }, () => {})
  hub.tellGap()
  leave()
  hub.tellGap()
  expect(gaps).toBe(1)
})

test('with 200 readers of 10,000 runs each news is handed to the readers of its run alone', () => {
  let calls = 0
  for (let reader = 0; reader < 200; reader++)
    hub.subscribe(new Set(Array.from({ length: 50 }, (_, i) => reader * 50 + i)), () => calls++)
  const began = performance.now()
  for (let run = 0; run < 10_000; run++) tellOf(run)
  expect(calls).toBe(10_000)
  // Two million calls, were each reader asked of each run; a tenth of this bound on a slow machine.
  expect(performance.now() - began).toBeLessThan(500)
})

function tellOf(runId: number, projectId = 1): void {
  const news: RunNews = { runId, projectId, lastStep: 5, atMs: 1, kind: 'points' }
  hub.tell(news)
}
