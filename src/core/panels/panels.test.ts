import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ColumnValue, readColumn, spansDecades } from './column.ts'
import { histogram } from './histogram.ts'
import { associations } from './importance.ts'
import { fieldsOf, HISTOGRAM_BINS_MAX } from './panel-content.ts'
import { parallelAxes, valueAt, withinRanges } from './parallel-axes.ts'
import { aggregated, spreadOf } from './spread.ts'

const numbers = (values: (number | null)[]) => {
  const column = readColumn(values)
  if (column.kind !== 'number') throw new Error('not numbers')
  return column
}
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })

describe('a column', () => {
  test('is numbers where all that is there are, and tells what is missing and what is not finite', () => {
    expect(readColumn([1, null, Number.NaN, 2, Number.POSITIVE_INFINITY])).toEqual({
      ...{ kind: 'number', values: [1, null, null, 2, null] },
      ...{ n: 2, missing: 1, notFinite: 2 },
    })
  })

  test('is categories otherwise, with 1, "1" and true told apart', () => {
    expect(readColumn([1, '1', true, 'adam', null, ['b', 'a'], []])).toEqual({
      kind: 'category',
      values: [1, 0, 5, 2, null, 3, 4],
      names: ['"1"', '1', 'adam', 'b, a', 'none', 'true'],
      ...{ n: 6, missing: 1 },
    })
  })

  test.each([
    [[1e-5, 1e-3], true],
    [[1, 50], false],
    [[0, 1e-5, 1], false],
    [[], false],
  ])('%j spans decades: %s', (values, spans) => expect(spansDecades(numbers(values))).toBe(spans))
})

describe('a histogram', () => {
  test('puts every value between the edges of its bin, and each in one', () => {
    fc.assert(
      fc.property(
        fc.array(finite, { maxLength: 60 }),
        fc.option(fc.integer({ min: 1, max: 40 })),
        fc.boolean(),
        (values, bins, log) => {
          const told = histogram(numbers(values), { bins, log })
          const kept = log ? values.filter((value) => value > 0) : values
          expect(told.n).toBe(kept.length)
          expect(told.leftOutOfLog).toBe(values.length - kept.length)
          expect(told.counts.flat().reduce((a, b) => a + b, 0)).toBe(kept.length)
          expect(told.edges).toEqual([...told.edges].sort((a, b) => a - b))
          if (kept.length === 0) return
          const slack = (value: number) => Math.abs(value) * 1e-9
          const [low, high] = [Math.min(...kept), Math.max(...kept)]
          expect((told.edges[0] as number) - slack(low)).toBeLessThanOrEqual(low)
          expect((told.edges.at(-1) as number) + slack(high)).toBeGreaterThanOrEqual(high)
          expect(told.edges.length - 1).toBeLessThanOrEqual(bins ?? HISTOGRAM_BINS_MAX)
        },
      ),
    )
  })

  test('keeps groups apart: added up they are the histogram of all', () => {
    const column = numbers([1, 2, 2, 3, null, 10])
    const all = histogram(column, { bins: 4, log: false })
    const apart = histogram(column, { bins: 4, log: false, groups: { of: [0, 1, 0, 1, 0, null], count: 2 } })
    expect(all).toEqual({ edges: [1, 3.25, 5.5, 7.75, 10], counts: [[4, 0, 0, 1]], n: 5, leftOutOfLog: 0 })
    expect(apart.counts).toHaveLength(2)
    expect(apart.n).toBe(4)
  })

  test('whole numbers lie in the middle of their bins; a lone value has one', () => {
    expect(histogram(numbers([1, 2, 2, 3, 3, 3]), { bins: null, log: false }).edges).toEqual([0.5, 1.5, 2.5, 3.5])
    expect(histogram(numbers([5, 5]), { bins: null, log: false })).toMatchObject({ edges: [4.75, 5.25], counts: [[2]] })
    expect(histogram(numbers([]), { bins: null, log: false })).toMatchObject({ edges: [], counts: [[]], n: 0 })
  })
})

describe('an association', () => {
  test.each([
    [[1, 2, 3, 4], [10, 20, 30, 1000], 1, 1],
    [[1, 2, 3, 4], [4, 3, 2, 1], 1, -1],
    // Ties share their rank: checked by hand, ρ = 3 / √(4.5 · 5).
    [[1, 2, 2, 3], [1, 3, 2, 4], 0.9486832980505138, 1],
    [[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.8, 1],
  ])('of numbers %j with %j is |ρ| %d', (x, y, strength, sign) => {
    const { told } = associations([{ field: 'lr', column: numbers(x) }], numbers(y))
    expect(told[0]).toMatchObject({ measure: 'rho', sign, n: x.length, categories: null })
    expect(told[0]?.strength).toBeCloseTo(strength, 12)
  })

  test('of categories is the share of variance between them', () => {
    const column = readColumn(['adam', 'adam', 'sgd', 'sgd'])
    const { told } = associations([{ field: 'optimizer', column }], numbers([1, 3, 5, 7]))
    // Means 2 and 6 around 4: 16 of 20.
    expect(told[0]).toMatchObject({ measure: 'eta2', strength: 0.8, sign: 0, n: 4, categories: 2, byChance: 1 / 3 })
  })

  test('counts only runs that have both, and says of what it knows nothing why', () => {
    const target = numbers([1, 2, 3, 4, 5, null])
    const { told, untold } = associations(
      [
        { field: 'lr', column: numbers([5, 4, null, 2, 1, 0]) },
        { field: 'seed', column: numbers([1, 2, null, null, null, 9]) },
        { field: 'depth', column: numbers([6, 6, 6, 6, 6, 6]) },
        { field: 'name', column: readColumn(['a', 'b', 'c', 'd', 'e', 'f']) },
      ],
      target,
    )
    expect(told).toMatchObject([{ field: 'lr', strength: 1, sign: -1, n: 4 }])
    expect(untold).toEqual([
      { field: 'seed', why: '2 runs have both values, 4 are needed' },
      { field: 'depth', why: 'the same in all 5 runs' },
      { field: 'name', why: 'each of 5 runs has a value of its own' },
    ])
  })

  test('lies between 0 and 1, does not change when runs change places, and ρ not under a growing function', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), finite), { minLength: 4 }), (rows) => {
        const strengths = (of: [number, number][], map = (x: number) => x) =>
          associations(
            [{ field: 'x', column: numbers(of.map(([x]) => map(x))) }],
            numbers(of.map(([, y]) => y)),
          ).told.map(({ strength }) => strength)
        const [strength] = strengths(rows)
        if (strength === undefined) return
        expect(strength).toBeGreaterThanOrEqual(0)
        expect(strength).toBeLessThanOrEqual(1)
        expect(strengths(rows.toReversed())[0]).toBeCloseTo(strength, 9)
        expect(strengths(rows, (x) => x ** 3)[0]).toBeCloseTo(strength, 9)
      }),
    )
  })

  test('of shuffled values is on average what it is said to be by chance', () => {
    const y = [3, 1, 4, 1.5, 9]
    const orders = permutations([0, 1, 2, 3, 4])
    const told = (column: ReturnType<typeof readColumn>) =>
      orders.map((order) => {
        const target = numbers(order.map((i) => y[i] as number))
        return associations([{ field: 'x', column }], target).told[0]
      })
    const rhos = told(numbers([1, 2, 3, 4, 5]))
    const meanSquare = rhos.reduce((sum, one) => sum + (one?.strength ?? 0) ** 2, 0) / rhos.length
    expect(Math.sqrt(meanSquare)).toBeCloseTo(rhos[0]?.byChance ?? 0, 12)
    const etas = told(readColumn(['a', 'a', 'b', 'b', 'c']))
    const mean = etas.reduce((sum, one) => sum + (one?.strength ?? 0), 0) / etas.length
    expect(mean).toBeCloseTo(etas[0]?.byChance ?? 0, 12)
  })
})

describe('parallel axes', () => {
  const values: Record<string, ColumnValue[]> = {
    lr: [1e-4, 1e-2, null],
    optimizer: ['adam', 'sgd', 'adam'],
    seed: [7, 7, 7],
    loss: [1, 3, 2],
  }
  const axes = parallelAxes(['lr', 'optimizer', 'seed', 'loss'], (field) => values[field] ?? [])

  test('place the least at the foot, categories evenly, a lone value in the middle, nothing where nothing is', () => {
    expect(axes.map(({ places, isLog, missing }) => ({ places, isLog, missing }))).toEqual([
      { places: [0, 1, null], isLog: true, missing: 1 },
      { places: [0, 1, 0], isLog: false, missing: 0 },
      { places: [0.5, 0.5, 0.5], isLog: false, missing: 0 },
      { places: [0, 1, 0.5], isLog: false, missing: 0 },
    ])
    expect(valueAt(axes[0] as (typeof axes)[0], 0.5)).toBeCloseTo(1e-3, 12)
    expect(valueAt(axes[3] as (typeof axes)[0], 0.5)).toBe(2)
  })

  test('a run is chosen when it lies in every range; one without a value is not', () => {
    expect(withinRanges(axes, [], 3)).toEqual([true, true, true])
    expect(withinRanges(axes, [{ field: 'loss', from: 0, to: 0.5 }], 3)).toEqual([true, false, true])
    const both = [
      { field: 'loss', from: 0, to: 0.5 },
      { field: 'lr', from: 0, to: 1 },
    ]
    expect(withinRanges(axes, both, 3)).toEqual([true, false, false])
  })
})

test('a group is told by mean, spread, quartiles, and what lies far from its box', () => {
  const spread = spreadOf([4, 1, 2, 3, 20])
  expect(spread).toMatchObject({ n: 5, mean: 6, min: 1, q1: 2, median: 3, q3: 4, max: 20, sum: 30 })
  expect(spread).toMatchObject({ lowWhisker: 1, highWhisker: 4, outliers: [20] })
  expect(spread?.sd).toBeCloseTo(7.9057, 4)
  expect(spreadOf([])).toBeNull()
  expect(spreadOf([5])?.sd).toBeNull()
  if (spread) expect([aggregated(spread, 'count'), aggregated(spread, 'median')]).toEqual([5, 3])
})

test('a panel names each field that it reads once', () => {
  expect(fieldsOf({ kind: 'parallel', fields: ['config.lr', 'cost'], target: 'cost' })).toEqual(['config.lr', 'cost'])
  expect(fieldsOf({ kind: 'scatter', x: 'cost', y: 'metrics.loss.min' })).toEqual(['cost', 'metrics.loss.min'])
  expect(fieldsOf({ kind: 'text', markdown: 'config.lr' })).toEqual([])
})

function permutations(items: number[]): number[][] {
  if (items.length < 2) return [items]
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}
