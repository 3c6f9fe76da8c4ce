import { describe, expect, test } from 'vitest'
import { csvTable } from '#src/core/publish/csv.ts'
import type { Difference, Differences } from '#src/protocol/differences.ts'
import {
  changeWords,
  forestTable,
  intervalWords,
  markOf,
  movedWords,
  notesOf,
  pWords,
  referenceWords,
  sentenceOf,
} from './forest-words.ts'
import { marksWithWords, prepareForest } from './prepare-forest.ts'

const at = (slug: string): Difference['against'] => ({
  experiment: { project: 'p', number: 1, slug, name: slug, stage_kind: 'instruction' },
  checkpoint: { id: slug, step: 9, tokens: null },
})

const row = (
  slug: string,
  more: Partial<Difference> & { category?: string; twin?: string; lower?: true } = {},
): Difference => {
  const { category = 'knowledge', twin = null, lower, ...rest } = more
  return {
    benchmark: {
      slug,
      name: slug,
      category,
      kind: 'accuracy',
      higher_is_better: !lower,
      chance: null,
      best: null,
      unit: null,
      use: null,
      margin: null,
      twin,
    },
    role: 'retention',
    metric: 'acc',
    unit: 'points',
    before: 0.6,
    after: 0.55,
    change: -0.05,
    delta: -5,
    low: -8.1,
    high: -1.9,
    se: 1.6,
    p: 0.0026,
    p_adjusted: 0.0052,
    state: 'forgot',
    below_margin: false,
    margin: 1,
    detectable: 4.5,
    moved: { lost: 45, gained: 20, same: 435 },
    n: 500,
    paired_n: 500,
    method: 'paired, McNemar exact: 45 lost, 20 gained',
    against: at('base'),
    stages_back: 1,
    ...rest,
  }
}

const told = (rows: Difference[], more: Partial<Differences> = {}): Differences => ({
  of: { ...at('sft'), variant: '' },
  baseline: 'parent',
  correction: 'benjamini_hochberg',
  family: 'kept',
  family_size: rows.length,
  rows,
  apart: [],
  stages: [],
  measured: [],
  ...more,
})

const slugs = (rows: readonly Difference[], sort: Parameters<typeof prepareForest>[1]) =>
  prepareForest(rows, sort).map(({ groups }) =>
    groups.map((group) => group.rows.map(({ benchmark }) => benchmark.slug)),
  )

describe('rows', () => {
  const rows = [
    row('b', { delta: 2, p_adjusted: 0.2 }),
    row('a', { delta: -9, p_adjusted: 0.9 }),
    row('none', { delta: -1, p: null, p_adjusted: null, low: null, high: null, state: 'no_interval' }),
    row('loss', { unit: 'bits_per_byte', delta: -0.2 }),
    row('elo', { unit: null, delta: 30 }),
  ]

  test('share an axis only where they share a unit; a scale of its own stands alone', () =>
    expect(prepareForest(rows, 'effect').map(({ unit, own }) => [unit, own])).toEqual([
      ['points', null],
      ['bits_per_byte', null],
      [null, 'elo'],
    ]))
  test('stand by effect, the largest loss first', () => expect(slugs(rows, 'effect')[0]).toEqual([['a', 'none', 'b']]))
  test('stand by p, those without one last', () => expect(slugs(rows, 'p')[0]).toEqual([['b', 'a', 'none']]))
  test('stand by category, an over-refusal twin behind its safety benchmark', () =>
    expect(
      slugs(
        [
          row('refuses', { category: 'chat' }),
          row('chat', { category: 'chat' }),
          row('harm', { category: 'safety', twin: 'refuses' }),
        ],
        'category',
      )[0]?.flat(),
    ).toEqual(['chat', 'harm', 'refuses']))
  test('have 0, every interval and every margin on their axis', () => {
    const [panel] = prepareForest([row('x', { delta: -5, low: -8, high: -2, margin: 12 })], 'effect')
    expect(panel?.scale.min).toBeLessThanOrEqual(-12)
    expect(panel?.scale.max).toBeGreaterThanOrEqual(12)
  })
  test('a size that could hardly be detected does not squeeze what was seen', () => {
    const [panel] = prepareForest([row('x', { detectable: 90 })], 'effect')
    expect(panel?.scale.min).toBeGreaterThan(-20)
  })
})

describe('in words', () => {
  test('a lower-is-better rate is printed as people subtract it, and its mark turns round', () => {
    const rate = row('rate', { lower: true, delta: -3, low: -5, high: -1 })
    expect(changeWords(rate)).toBe('+3.0')
    expect(intervalWords(rate)).toBe('+1.0 to +5.0')
    expect(markOf(rate)).toBe('▼')
  })
  test('counts of lost and gained, or that there is no pair', () => {
    expect(movedWords(row('x'))).toBe('45 lost, 20 gained of 500')
    expect(movedWords(row('x', { moved: null, paired_n: null }))).toBe('unpaired, n 500')
    expect(movedWords(row('x', { moved: null, paired_n: null, n: null }))).toBe('unpaired, n not published')
  })
  test('a p outside of the family says that it stands alone', () => {
    expect(pWords(row('x'))).toBe('p 0.0052')
    expect(pWords(row('x', { p_adjusted: null }))).toBe('p 0.0026 alone')
    expect(pWords(row('x', { p: null, p_adjusted: null }))).toBe('no p')
  })
  test('the sentence counts states, and what has no difference', () => {
    const of = told([row('a'), row('b', { state: 'inconclusive' })], {
      apart: [{ benchmark: row('c').benchmark, state: 'not_comparable', reason: 'another protocol', differing: [] }],
    })
    expect(sentenceOf(of, referenceWords(of))).toBe(
      '2 benchmarks of sft against its parent: 1 lost, 1 no difference found; 1 without a difference',
    )
  })
  test('notes name the correction, its family, the margin and unpaired rows', () => {
    const notes = notesOf(told([row('a', { paired_n: null, moved: null })], { correction: 'holm' }), 2).join(' ')
    expect(notes).toContain('Holm over 1 of what should be kept')
    expect(notes).toContain('2 points for rates')
    expect(notes).toContain('unpaired, conservative when scores are positively correlated')
  })
  test('the table carries all counts to the file, numbers as programs read them', () => {
    const of = told([row('a')], {
      apart: [{ benchmark: row('c').benchmark, state: 'not_comparable', reason: 'another protocol', differing: [] }],
    })
    const lines = csvTable(forestTable(of, prepareForest(of.rows, 'effect'), null).table).split('\r\n')
    expect(lines[1]).toBe(
      'a,knowledge,retention,base,0.6,0.55,-5,-8.1,-1.9,points,0.0026,0.0052,lost,45,20,435,500,500,1,4.5,"paired, McNemar exact: 45 lost, 20 gained"',
    )
    expect(lines[2]).toContain('another protocol')
  })
})

describe('words below the marks of an axis', () => {
  const marks = [-0.02, -0.015, -0.01, -0.005, 0, 0.005, 0.01]
  const named = (px: number) =>
    marksWithWords(marks, (value) => (value + 0.02) * (px / 0.03), 6.6).map(({ words }) => words)

  test('are all said where there is room', () => expect(named(600)).toHaveLength(marks.length))
  test('are left out evenly where they would run together, and 0 keeps its word', () =>
    expect(named(366)).toEqual(['−0.020', '−0.010', '0.000', '+0.010']))
  test('of one mark alone are said', () =>
    expect(marksWithWords([0], () => 40, 6.6)).toEqual([{ value: 0, words: '0' }]))
})
