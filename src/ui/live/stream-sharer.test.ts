import { beforeEach, describe, expect, test } from 'vitest'
import { type SharedReader, SOURCES_MAX, StreamSharer } from './stream-sharer.ts'

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
  tell(name: string, data: unknown = null): void {
    this.dispatchEvent(new MessageEvent(name, { data }))
  }
}

const WHOLE = '/live?workspace=lab&project=p'
const of = (runs: string) => `${WHOLE}&runs=${runs}`
let streams: FakeStream[] = []
let sharer: StreamSharer
const openOnes = () => streams.filter((stream) => !stream.isClosed)
const newest = () => streams.at(-1) as FakeStream

beforeEach(() => {
  streams = []
  sharer = new StreamSharer((url) => {
    const stream = new FakeStream(url)
    streams.push(stream)
    return stream
  })
})

/** A tab that shows something, and what it was told. */
function tab(url: string) {
  const heard: string[] = []
  const reader: SharedReader = { url, tell: (name, data) => heard.push(data === null ? name : `${name} ${data}`) }
  sharer.read(reader)
  return { heard, leave: () => sharer.leave(reader) }
}

describe('tabs of one browser', () => {
  test('that show the same runs share one stream, whenever they come', () => {
    const first = tab(of('1-3'))
    newest().tell('open')
    const late = tab(of('1-3'))
    newest().tell('news', 'a')
    expect(streams.map(({ url }) => url)).toEqual([of('1-3')])
    expect([first.heard, late.heard]).toEqual([
      ['open', 'news a'],
      ['open', 'news a'],
    ])
  })

  test('twenty that show twenty runs of a project share the stream of the project', () => {
    const tabs = Array.from({ length: 20 }, (_, i) => tab(of(String(i + 1))))
    newest().tell('open')
    newest().tell('news', 'a')
    expect(openOnes().map(({ url }) => url)).toEqual([WHOLE])
    expect(tabs.map(({ heard }) => heard.at(-1))).toEqual(tabs.map(() => 'news a'))
  })

  test('hear everything while the stream of some runs makes way for that of the project', () => {
    const first = tab(of('1'))
    const [narrow] = streams as [FakeStream]
    narrow.tell('open')
    const second = tab(of('2'))
    narrow.tell('news', 'before')
    expect(narrow.isClosed).toBe(false)
    newest().tell('open')
    narrow.tell('news', 'too late')
    newest().tell('news', 'after')
    expect(openOnes()).toEqual([newest()])
    expect(first.heard).toEqual(['open', 'news before', 'open', 'news after'])
    expect(second.heard).toEqual(['news before', 'open', 'news after'])
  })

  test('that leave take the stream along, the last of them', () => {
    const [first, second] = [tab(WHOLE), tab(WHOLE)]
    first.leave()
    expect(openOnes()).toHaveLength(1)
    second.leave()
    expect(openOnes()).toHaveLength(0)
  })

  test.each(['error', 'bye', 'end'])(
    'are all told that it ended with %s, and the first that asks opens it again',
    (how) => {
      const [first, second] = [tab(WHOLE), tab(WHOLE)]
      newest().tell('open')
      newest().tell(how)
      expect([first.heard, second.heard]).toEqual([
        ['open', how],
        ['open', how],
      ])
      expect(openOnes()).toEqual([])
      tab(WHOLE)
      expect(openOnes()).toHaveLength(1)
    },
  )

  test('of more projects than have a stream, the last is told to ask again, and has one once another leaves', () => {
    const tabs = Array.from({ length: SOURCES_MAX }, (_, i) => tab(`/live?workspace=lab&project=p${i}`))
    const refused = tab('/live?workspace=lab&project=late')
    expect([openOnes().length, refused.heard]).toEqual([SOURCES_MAX, ['error']])
    tabs[0]?.leave()
    const again = tab('/live?workspace=lab&project=late')
    newest().tell('open')
    expect([openOnes().length, again.heard]).toEqual([SOURCES_MAX, ['open']])
  })
})
