import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StreamLine, type StreamWorker } from './shared-stream.ts'
import { ANSWER_MS, type FromWorker, HERE_MS, type ToWorker } from './stream-messages.ts'

/** A worker that answers as the real one does, until it dies without a word. */
class FakeWorker implements StreamWorker {
  readonly heard: ToWorker[] = []
  isDead = false
  #take: (message: FromWorker | 'dead') => void = () => {}
  say(message: ToWorker): void {
    this.heard.push(message)
    if (!this.isDead && ('open' in message || 'here' in message)) setTimeout(() => this.tell({ heard: true }))
  }
  hear(take: (message: FromWorker | 'dead') => void): void {
    this.#take = take
  }
  tell(message: FromWorker | 'dead'): void {
    this.#take(message)
  }
}

let worker: FakeWorker | null
let own: string[]
let leave: () => void
let line: StreamLine

beforeEach(() => {
  vi.useFakeTimers()
  worker = new FakeWorker()
  own = []
  leave = () => {}
  line = new StreamLine({
    startWorker: () => worker,
    openOwn: (url) => {
      own.push(url)
      return Object.assign(new EventTarget(), { close: () => {} })
    },
    onLeave: (left) => {
      leave = left
    },
  })
})
afterEach(() => vi.useRealTimers())

/** A stream, and what it told. */
function open(url: string) {
  const told: string[] = []
  const stream = line.open(url)
  for (const name of ['open', 'news', 'error'])
    stream.addEventListener(name, (event) => told.push(event instanceof MessageEvent ? `${name} ${event.data}` : name))
  return { told, stream }
}

test('streams of a tab come over the worker, each to the one that opened it, and none is its own', () => {
  const [first, second] = [open('/a'), open('/b')]
  worker?.tell({ of: 1, name: 'news', data: 'x' })
  worker?.tell({ of: 2, name: 'open', data: null })
  second.stream.close()
  worker?.tell({ of: 2, name: 'news', data: 'y' })
  expect([first.told, second.told, own]).toEqual([['news x'], ['open null'], []])
  expect(worker?.heard).toEqual([{ open: 1, url: '/a' }, { open: 2, url: '/b' }, { close: 2 }])
})

test('a worker that answers is kept, however long nothing happens', () => {
  const { told } = open('/a')
  vi.advanceTimersByTime(20 * HERE_MS)
  open('/b')
  expect([told, own]).toEqual([[], []])
})

test('a worker that dies without a word is noticed: streams end, and from then on a tab has its own', () => {
  const { told } = open('/a')
  vi.advanceTimersByTime(HERE_MS / 2)
  if (worker) worker.isDead = true
  vi.advanceTimersByTime(HERE_MS / 2 + ANSWER_MS - 1)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual(['error'])
  open('/a')
  expect(own).toEqual(['/a'])
  const count = worker?.heard.length
  vi.advanceTimersByTime(5 * HERE_MS)
  expect(worker?.heard).toHaveLength(count ?? 0)
})

test('a worker that was dead from the beginning is noticed at the first stream', () => {
  if (worker) worker.isDead = true
  const { told } = open('/a')
  vi.advanceTimersByTime(ANSWER_MS)
  open('/a')
  expect([told, own]).toEqual([['error'], ['/a']])
})

test('a worker whose code does not come, and a browser without one, leave a tab its own stream', () => {
  const { told } = open('/a')
  worker?.tell('dead')
  open('/a')
  expect([told, own]).toEqual([['error'], ['/a']])
  worker = null
  const without = new StreamLine({
    startWorker: () => null,
    openOwn: (url) => {
      own.push(`own ${url}`)
      return Object.assign(new EventTarget(), { close: () => {} })
    },
    onLeave: () => {},
  })
  without.open('/b')
  expect(own.at(-1)).toBe('own /b')
})

test('a page that is left says so and ends its streams; one that comes back asks the same worker again', () => {
  const { told } = open('/a')
  leave()
  vi.advanceTimersByTime(ANSWER_MS)
  open('/a')
  expect([told, own, worker?.heard]).toEqual([
    ['error'],
    [],
    [{ open: 1, url: '/a' }, { leave: true }, { open: 2, url: '/a' }],
  ])
})
