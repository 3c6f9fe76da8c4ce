/** What a benchmark may say of itself: label of its gains, other side, facet, validity, kinds of facts. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FACETS, facetsByDomain } from './facets.ts'
import { gainLabel, gainOfCategory } from './gain-label.ts'
import { otherPart, PARTS, type Parted, pairsTogether } from './paired-parts.ts'
import { certainOf, readRecall } from './taught-facts.ts'
import { countStale, isDay, isStale } from './validity.ts'

describe('a gain', () => {
  test.each([
    ['instruction', 'surface'],
    ['Instruction-Following', 'surface'],
    ['safety', 'surface'],
    ['format', 'surface'],
    ['knowledge', 'knowledge'],
    ['reasoning', 'knowledge'],
    ['math', 'knowledge'],
    ['common_sense', 'knowledge'],
    ['general-LM', null],
    ['', null],
  ])('on %j shows %j', (category, label) => expect(gainOfCategory(category)).toBe(label))
  test('shows what somebody said of its benchmark, whatever the category says', () => {
    expect(gainLabel({ category: 'knowledge', gain: 'surface' })).toEqual({ label: 'surface', by: 'benchmark' })
    expect(gainLabel({ category: 'knowledge', gain: null })).toEqual({ label: 'knowledge', by: 'category' })
    expect(gainLabel({ category: 'other', gain: null })).toBeNull()
  })
})

describe('two sides of one task', () => {
  test('name each other', () => expect(PARTS.map((part) => otherPart(otherPart(part)))).toEqual(PARTS))
  test('stand together, form and process first, where the first of them stood', () => {
    const rows: Parted[] = [
      { slug: 'content', part: 'content', pair: 'form' },
      { slug: 'mmlu' },
      { slug: 'form', part: 'form', pair: 'content' },
      { slug: 'steps', part: 'process', pair: 'not-shown' },
    ]
    expect(pairsTogether(rows, (row) => row).map((row) => row.slug)).toEqual(['form', 'content', 'mmlu', 'steps'])
  })
  test('no row is lost or doubled by putting pairs together', () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(20)), fc.array(fc.tuple(fc.nat(20), fc.nat(20))), (ids, pairs) => {
        const rows = ids.map((id): Parted => {
          const other = pairs.find(([a, b]) => a === id || b === id)
          if (!other) return { slug: String(id) }
          const isFirst = other[0] === id
          return { slug: String(id), part: isFirst ? 'form' : 'content', pair: String(isFirst ? other[1] : other[0]) }
        })
        const together = pairsTogether(rows, (row) => row)
        expect([...together].sort(bySlug)).toEqual([...rows].sort(bySlug))
      }),
    ))
})
const bySlug = (a: Parted, b: Parted) => a.slug.localeCompare(b.slug)

test('a domain has four facets, and those that were not measured are named', () => {
  const found = facetsByDomain([
    { domain: 'medicine', facet: 'facts', score: 0.4 },
    { domain: 'law', facet: 'terminology', score: 0.9 },
    { domain: 'medicine', facet: 'terminology', score: 0.8 },
  ])
  expect(found.map(({ domain, missing }) => [domain, missing])).toEqual([
    ['law', ['patterns', 'reasoning', 'facts']],
    ['medicine', ['patterns', 'reasoning']],
  ])
  expect(found[1]?.facets.map(({ facet, found: one }) => [facet, one?.score ?? null])).toEqual([
    ['terminology', 0.8],
    ['patterns', null],
    ['reasoning', null],
    ['facts', 0.4],
  ])
  expect(found[0]?.facets).toHaveLength(FACETS.length)
})

describe('answers that hold until a day', () => {
  test.each([
    ['2026-11-28', '2026-11-29', true],
    ['2026-11-29', '2026-11-29', false],
    ['2027-01-01', '2026-11-29', false],
    [null, '2026-11-29', false],
    [undefined, '2026-11-29', false],
  ])('until %s are out of date on %s: %s', (until, today, stale) => expect(isStale(until, today)).toBe(stale))
  test.each(['2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', 'soon'])('%s is no day', (text) =>
    expect(isDay(text)).toBe(false),
  )
  test('items that tell a day are counted once each, and those without one are not', () => {
    const items: { id: string; tags: Record<string, string> }[] = [
      { id: 'a', tags: { valid_until: '2025-01-01' } },
      { id: 'a', tags: { valid_until: '2025-01-01' } },
      { id: 'b', tags: { valid_until: '2027-01-01' } },
      { id: 'c', tags: { valid_until: 'soon' } },
      { id: 'd', tags: {} },
    ]
    expect(countStale(items, '2026-11-29')).toEqual({ dated: 2, stale: 1 })
  })
})

describe('facts that were taught', () => {
  test.each([
    ['gained', 'gained', 'unclear', 'learned'],
    ['gained', 'unclear', 'unclear', 'recited'],
    ['gained', 'lost', 'lost', 'recited'],
    ['gained', 'gained', 'gained', 'rose everywhere'],
    ['unclear', 'unclear', 'unclear', 'not learned'],
    ['lost', 'unclear', 'unclear', 'not learned'],
    ['unclear', 'gained', 'unclear', 'cannot tell'],
    [null, 'gained', 'unclear', 'cannot tell'],
    ['gained', null, 'unclear', 'cannot tell'],
    ['gained', 'gained', null, 'cannot tell'],
  ] as const)('taught %s, paraphrased %s, unrelated %s: %s', (taught, paraphrased, unrelated, reading) =>
    expect(readRecall({ taught, paraphrased, unrelated })).toBe(reading),
  )
  test('a change is certain where its interval leaves out no change, in the direction of the benchmark', () => {
    expect(certainOf({ low: 0.1, high: 0.3 }, 1)).toBe('gained')
    expect(certainOf({ low: 0.1, high: 0.3 }, -1)).toBe('lost')
    expect(certainOf({ low: -0.1, high: 0.3 }, 1)).toBe('unclear')
    expect(certainOf({ low: null, high: null }, 1)).toBeNull()
  })
})
