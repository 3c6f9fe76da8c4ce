import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NEWS_KINDS, type NewsDigest } from './news-digest.ts'
import { NOTICE_BYTES_MAX, readNotice, writeBeginning, writeNotices } from './news-notice.ts'

const advance = fc.record({
  lastStep: fc.option(fc.maxSafeNat(), { nil: null }),
  atMs: fc.maxSafeNat(),
  kinds: fc.integer({ min: 1, max: 2 ** NEWS_KINDS.length - 1 }),
})

test('what is written is read back, in texts that PostgreSQL takes', () =>
  fc.assert(
    fc.property(fc.dictionary(fc.maxSafeNat().map(String), advance, { maxKeys: 300, size: 'max' }), (runs) => {
      const digest: NewsDigest = new Map(Object.entries(runs).map(([runId, told]) => [Number(runId), told]))
      const projectOf = new Map([...digest.keys()].map((runId) => [runId, runId % 7]))
      const texts = writeNotices('a-process', digest, projectOf)
      for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(NOTICE_BYTES_MAX)
      const notices = texts.map(readNotice)
      expect(new Set(notices.map((notice) => notice?.from))).toEqual(new Set(['a-process']))
      const read = notices.flatMap((notice) => notice?.runs ?? [])
      expect(read).toEqual([...digest].map(([runId, told]) => ({ runId, projectId: runId % 7, advance: told })))
    }),
  ))

test('nothing to tell is one sign of life', () => {
  const texts = writeNotices('a', new Map(), new Map())
  expect(texts.map(readNotice)).toEqual([{ from: 'a', isEverything: false, runs: [] }])
})

test('a beginning says that everything may have changed', () =>
  expect(readNotice(writeBeginning('a'))).toEqual({ from: 'a', isEverything: true, runs: [] }))

test('10,000 runs fit into some forty texts', () => {
  const digest: NewsDigest = new Map(
    Array.from({ length: 10_000 }, (_, i) => [i + 1, { lastStep: 48_200, atMs: 1_764_000_000_000, kinds: 1 }]),
  )
  expect(writeNotices('7b1c0a52-1c5c-4a2e-8b57-0c8d8f1a3d10', digest, new Map()).length).toBeLessThan(60)
})

test.each([
  '',
  '{',
  '[]',
  '7',
  'null',
  '{"from":1,"runs":[]}',
  '{"from":"a"}',
  '{"from":"a","runs":[7]}',
  '{"from":"a","runs":[[1,2]]}',
])('what is no notice is left aside: %s', (text) => expect(readNotice(text)).toBeNull())
