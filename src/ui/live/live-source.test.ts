import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ToldRun } from '#src/core/live/read-news.ts'
import { type LiveReader, LiveSource, type WantedRuns } from './live-source.ts'

class FakeStream extends EventTarget {
  readonly url: string
  isClosed = false
  constructor(url: string) {
    super()
    this.url = url
  }
  close(): void {
    this.isClosed = true
  }
  tell(name: string, data: object = {}): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }))
  }
}

let streams: FakeStream[] = []
let isHidden = false
let lookAtTab = () => {}
let source: LiveSource
const PLACE = { workspace: 'lab', project: 'p' }

beforeEach(() => {
  vi.useFakeTimers()
  streams = []
  isHidden = false
  source = new LiveSource({
    open: (url) => {
      const stream = new FakeStream(url)
      streams.push(stream)
      return stream
    },
    isHidden: () => isHidden,
    onVisibility: (changed) => {
      lookAtTab = changed
    },
  })
})
afterEach(() => vi.useRealTimers())

/** A part of a page, and what it heard. */
function part(runs: WantedRuns, place = PLACE) {
  const heard: (ToldRun | string)[] = []
  const reader: LiveReader = { place, runs, take: (told) => heard.push(...told), gap: (why) => heard.push(why) }
  return { heard, leave: source.read(reader) }
}

const settle = () => vi.advanceTimersByTime(200)
const openOnes = () => streams.filter((stream) => !stream.isClosed)
const newest = () => streams.at(-1) as FakeStream
const told = (run: number): ToldRun => ({ run, last_step: run * 10, at: 1, what: ['points'] })

describe('a tab', () => {
  test('has one stream for all parts of its page, and each part hears of its own runs', () => {
    const [first, second, whole] = [part([1, 2, 3]), part([3, 9]), part([])]
    settle()
    expect(streams.map(({ url }) => url)).toEqual(['/api/screen/live?workspace=lab&project=p&runs=1-3%2C9'])
    newest().tell('open')
    newest().tell('news', { runs: [told(1), told(9), told(77)] })
    expect(first.heard).toEqual(['opened', told(1)])
    expect(second.heard).toEqual(['opened', told(9)])
    expect(whole.heard).toEqual(['opened'])
  })

  test('listens to the whole project when a part wants it, or the parts want more than 500 runs', () => {
    part('all')
    part([1])
    settle()
    expect(newest().url).toBe('/api/screen/live?workspace=lab&project=p')
  })

  test('keeps its stream while that covers what is shown, and opens it anew for other runs or another project', () => {
    part([1, 2])
    settle()
    part([2])
    settle()
    expect(streams).toHaveLength(1)
    part([3])
    settle()
    expect(openOnes().map(({ url }) => url)).toEqual(['/api/screen/live?workspace=lab&project=p&runs=1-3'])
    part([1], { workspace: 'lab', project: 'q' })
    settle()
    expect(openOnes().map(({ url }) => url)).toEqual(['/api/screen/live?workspace=lab&project=q&runs=1'])
  })

  test('has none once nothing is shown that wants news', () => {
    const { leave } = part([1])
    settle()
    leave()
    settle()
    expect([openOnes(), source.state]).toEqual([[], 'idle'])
  })

  test('closes it after 30 s out of sight, and asks for everything when it is seen again', () => {
    const { heard } = part([1])
    settle()
    newest().tell('open')
    isHidden = true
    lookAtTab()
    vi.advanceTimersByTime(29_000)
    expect(openOnes()).toHaveLength(1)
    vi.advanceTimersByTime(2_000)
    expect(openOnes()).toHaveLength(0)
    isHidden = false
    lookAtTab()
    newest().tell('open')
    expect([openOnes().length, heard]).toEqual([1, ['opened', 'missed']])
  })

  test('that is opened behind another has none until it is looked at, and then asks for everything', () => {
    isHidden = true
    const { heard } = part([1])
    settle()
    expect(streams).toEqual([])
    isHidden = false
    lookAtTab()
    newest().tell('open')
    expect([openOnes().length, heard]).toEqual([1, ['missed']])
  })

  test('that was out of sight for a moment keeps it', () => {
    part([1])
    settle()
    for (const hidden of [true, false]) {
      isHidden = hidden
      lookAtTab()
      vi.advanceTimersByTime(10_000)
    }
    vi.advanceTimersByTime(60_000)
    expect([streams.length, openOnes().length]).toEqual([1, 1])
  })
})

describe('a stream', () => {
  test.each(['error', 'bye', 'end'])(
    'that ends with %s is opened again after growing pauses, and what went by is asked for',
    (how) => {
      const { heard } = part([1])
      const states: string[] = []
      source.watch(() => states.push(source.state))
      settle()
      newest().tell('open')
      newest().tell(how)
      expect([source.state, openOnes()]).toEqual(['down', []])
      const pauses: number[] = []
      for (let i = 0; i < 4; i++) {
        const before = streams.length
        let waited = 0
        for (; streams.length === before; waited += 100) vi.advanceTimersByTime(100)
        pauses.push(waited)
        newest().tell('error')
      }
      expect(pauses).toEqual([1_000, 2_000, 5_000, 10_000])
      vi.advanceTimersByTime(30_000)
      newest().tell('open')
      expect(states).toEqual(['opening', 'open', 'down', 'open'])
      expect(heard).toEqual(['opened', 'missed'])
    },
  )

  test('that says there is more, or a gap, makes its parts ask for everything', () => {
    const { heard } = part([1])
    settle()
    newest().tell('gap')
    newest().tell('news', { runs: [told(7)], more: true })
    expect(heard).toEqual(['missed', 'missed'])
  })

  test('that was closed is not listened to any more, and what cannot be read is left aside', () => {
    const { heard } = part([1])
    settle()
    const old = newest()
    part([100])
    settle()
    old.tell('news', { runs: [told(1)] })
    newest().tell('news', { runs: 'none' })
    newest().dispatchEvent(new MessageEvent('news', { data: '{' }))
    expect(heard).toEqual([])
  })
})
