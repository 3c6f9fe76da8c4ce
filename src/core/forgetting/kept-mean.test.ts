import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KeptCell, type KeptStage, keptMean } from './kept-mean.ts'

const benchmarks = [
  { slug: 'task', category: 'task' },
  { slug: 'task-f1', category: 'task' },
  { slug: 'facts', category: 'knowledge' },
  { slug: 'capitals', category: 'knowledge' },
  { slug: 'format', category: 'instruction' },
  { slug: 'refusal', category: 'safety' },
]
const cell = (score: number, more: Partial<KeptCell> = {}): KeptCell => ({
  ...{ normal: { score, se: 0.1 }, fingerprint: 'f', isSafety: false, ...more },
})
const root: KeptStage = { targets: [], cells: [0.1, 0.1, 0.2, 0.4, 0.9, 1].map((score) => cell(score)) }
const tuned: KeptStage = {
  targets: ['task', 'task-f1'],
  cells: [0.8, 0.8, 0.1, 0.1, 0.1, 1].map((score) => cell(score)),
}
const slugs = (columns: readonly number[]) => columns.map((column) => benchmarks[column]?.slug)

describe('the benchmarks that models of one target should keep', () => {
  test('are those that no stage of the target aims at, safety apart', () => {
    expect(slugs(keptMean(benchmarks, [root, tuned], 0).set)).toEqual(['facts', 'capitals', 'format'])
  })
  test('are chosen by the target that is asked for: what only other stages aim at is kept', () => {
    expect(slugs(keptMean(benchmarks, [root, tuned], 4).set)).toEqual(['task', 'task-f1', 'facts', 'capitals'])
  })
  test('leave out what one stage takes as safety, and what has no chance level and best value', () => {
    const odd = { ...root, cells: root.cells.with(2, cell(0.2, { isSafety: true })).with(4, cell(3, { normal: null })) }
    const other = { ...tuned, cells: tuned.cells.with(4, cell(3, { normal: null })) }
    expect(slugs(keptMean(benchmarks, [odd, other], 0).set)).toEqual(['capitals'])
  })
})

describe('means of what was kept', () => {
  test('count categories alike', () => {
    const [first, second] = keptMean(benchmarks, [root, tuned], 0).stages
    expect(first?.mean?.mean).toBeCloseTo((0.3 + 0.9) / 2, 12)
    expect(second?.mean?.mean).toBeCloseTo(0.1, 12)
  })
  test('leave out a stage that covers less than 0.8 of the set, and are told of the others', () => {
    const half = { targets: [], cells: [cell(0.5), null, cell(0.5), null, null, null] }
    const found = keptMean(benchmarks, [root, tuned, half], 0)
    expect(found.stages[2]).toEqual({ measured: 1, isCompared: false, mean: null })
    expect(found).toMatchObject({ hidden: null, lacking: [] })
    expect(found.used).toHaveLength(3)
  })
  test('are told of nobody where one of three benchmarks has two protocols', () => {
    const other = { ...tuned, cells: tuned.cells.with(2, cell(0.1, { fingerprint: 'other' })) }
    const found = keptMean(benchmarks, [root, other], 0)
    expect(slugs(found.differing)).toEqual(['facts'])
    expect(found.hidden).toBe('too_few_used')
    expect(found.stages.map(({ mean }) => mean)).toEqual([null, null])
  })
  test('are told of nobody where nothing is in the set', () => {
    const bare = { targets: [], cells: [cell(0.1), null, null, null, null, null] }
    expect(keptMean(benchmarks, [bare], 0)).toMatchObject({ set: [], hidden: 'no_set' })
  })
})

test('how well a stage did never changes what is in the set, is used, or is hidden', () => {
  const cells = fc.array(fc.option(fc.double({ min: -1, max: 1, noNaN: true })), { minLength: 6, maxLength: 6 })
  return fc.assert(
    fc.property(
      fc.array(cells, { minLength: 1, maxLength: 4 }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      (rows, by) => {
        const of = (add: number) =>
          keptMean(
            benchmarks,
            rows.map((row, i) => ({
              targets: i === 0 ? ['task'] : [],
              cells: row.map((score) => (score === null ? null : cell(score + add))),
            })),
            0,
          )
        const [now, moved] = [of(0), of(by)]
        for (const part of ['set', 'used', 'differing', 'lacking', 'hidden'] as const)
          expect(moved[part]).toEqual(now[part])
        for (const [i, { measured, isCompared, mean }] of now.stages.entries()) {
          expect(measured).toBeLessThanOrEqual(now.set.length)
          expect(mean !== null).toBe(isCompared && now.hidden === null)
          if (mean) expect(moved.stages[i]?.mean?.mean).toBeCloseTo(mean.mean + by, 9)
        }
      },
    ),
  )
})
