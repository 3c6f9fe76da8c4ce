/** Laws of forgetting over many inputs: identities of the measures, and what must not change when a benchmark is told otherwise. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestAncestorForgetting, honestForgetting } from './best-ancestor.ts'
import { budget } from './budget.ts'
import { chainScores } from './chain.ts'
import { exchangeRate } from './exchange-rate.ts'
import { lineageScores } from './lineage-scores.ts'
import { matrixMeasures } from './matrix.ts'
import { meanDelta } from './mean-delta.ts'
import { normalise, retentionRatio } from './normalise.ts'
import { type ParetoPoint, paretoSplit, retentionAtLearning } from './pareto.ts'
import { selectionEffect } from './selection-effect.ts'
import { roleMean } from './stage-summary.ts'
import { type StateCell, states } from './states.ts'
import { type WeightParent, weightGraph } from './weight-graph.ts'
import { forgettingInWindow } from './window.ts'

/** Whole thousandths: sums and differences are then exact but for the last bits, and equal numbers stay equal when rescaled. */
const score = fc.integer({ min: 0, max: 100_000 }).map((x) => x / 1000)
const factor = fc.constantFrom(0.01, 0.5, 2, 100)
const shift = fc.integer({ min: -50, max: 50 })
const maybe = fc.option(score, { freq: 4 })

const squareMatrix = fc
  .integer({ min: 1, max: 6 })
  .chain((T) => fc.array(fc.array(score, { minLength: T, maxLength: T }), { minLength: T, maxLength: T }))

const close = (got: number | null, want: number | null, scale = 1) =>
  want === null || got === null ? expect(got).toBe(want) : expect(Math.abs(got - want)).toBeLessThan(1e-6 * scale)

describe('measures of a matrix', () => {
  test('ACC = LA + ((T − 1) / T) · BWT', () =>
    fc.assert(
      fc.property(squareMatrix, (R) => {
        const of = matrixMeasures(R)
        close(of.finalAccuracy, (of.learningAccuracy ?? 0) + (of.backwardTransferOverT ?? 0))
      }),
    ))

  test('forgetting is at least −BWT, and equal to it when every peak is at its own stage', () =>
    fc.assert(
      fc.property(squareMatrix, (R) => {
        const { forgetting, backwardTransfer } = matrixMeasures(R)
        if (forgetting === null || backwardTransfer === null) {
          expect(R).toHaveLength(1)
          return
        }
        expect(forgetting).toBeGreaterThanOrEqual(-backwardTransfer - 1e-9)
        const peaked = R.map((row, i) => row.map((own, j) => (i === j ? 1000 : own)))
        const of = matrixMeasures(peaked)
        close(of.forgetting, -(of.backwardTransfer ?? 0))
      }),
    ))

  test('a constant added to one column changes neither BWT nor F, in any convention', () =>
    fc.assert(
      fc.property(squareMatrix, fc.nat(5), shift, (R, at, by) => {
        const column = at % R.length
        const [before, after] = [R, R.map((row) => row.map((own, j) => (j === column ? own + by : own)))].map((M) =>
          matrixMeasures(M),
        )
        for (const name of ['backwardTransfer', 'forgetting', 'forgettingOverAll', 'backwardTransferAllPairs'] as const)
          close(after?.[name] ?? null, before?.[name] ?? null)
      }),
    ))

  test('a measure that needs a missing cell is null; the others stay', () => {
    const R = [[50], [40, 60], [null, 30, 70]]
    const of = matrixMeasures(R)
    expect(of).toMatchObject({ finalAccuracy: null, backwardTransfer: null, forgetting: null, learningAccuracy: 60 })
    expect(of.forgettingAt).toEqual([10, null])
    expect(of.forgettingOverAll).toBeNull()
  })

  test.each([
    ['no row', []],
    ['a row that ends before its diagonal', [[1], [1]]],
    ['a row longer than the stages', [[1, 2]]],
  ])('%s is refused', (_, R) => expect(() => matrixMeasures(R)).toThrow(RangeError))
})

/** Nodes 0 … n−1; every parent has a smaller number. */
const graphOf = fc
  .integer({ min: 1, max: 9 })
  .chain((n) =>
    fc.tuple(
      fc.array(fc.array(maybe, { minLength: 3, maxLength: 3 }), { minLength: n, maxLength: n }),
      fc.tuple(
        ...Array.from({ length: n }, (_, i) =>
          i === 0 ? fc.constant([]) : fc.subarray([...Array(i).keys()], { maxLength: Math.min(i, 3) }),
        ),
      ),
    ),
  )
const parentsMap = (parents: readonly (readonly number[])[]) =>
  new Map<number, WeightParent<number>[]>(parents.map((list, i) => [i, list.map((id) => ({ id, weight: null }))]))
const utilitiesOf = (rows: readonly (readonly (number | null)[])[], tell = (v: number) => v) =>
  new Map(
    rows.map((row, i) => [i, new Map(row.flatMap((v, b) => (v === null ? [] : [[b, tell(v)] as const])))] as const),
  )

describe('along the weight edges', () => {
  test('steps add up to the change from the root to the leaf of a chain', () =>
    fc.assert(
      fc.property(fc.array(score, { minLength: 2, maxLength: 8 }), (column) => {
        const { step } = lineageScores({
          utilities: utilitiesOf(column.map((v) => [v])),
          parents: parentsMap(column.map((_, i) => (i === 0 ? [] : [i - 1]))),
        })
        const sum = [...step.values()].reduce((total, of) => total + (of.get(0)?.delta ?? Number.NaN), 0)
        close(sum, (column.at(-1) ?? 0) - (column[0] ?? 0))
      }),
    ))

  test('forgetting along a chain is that of the window over all ancestors', () =>
    fc.assert(
      fc.property(fc.array(maybe, { minLength: 2, maxLength: 8 }), (column) => {
        // A benchmark that no node has is no benchmark.
        if (column.every((v) => v === null)) return
        const { forgetting } = lineageScores({
          utilities: utilitiesOf(column.map((v) => [v])),
          parents: parentsMap(column.map((_, i) => (i === 0 ? [] : [i - 1]))),
        })
        expect(forgetting.get(column.length - 1)?.get(0)).toBe(forgettingInWindow(column, 0).overAllAncestors)
      }),
    ))

  test('a sibling branch changes no other node', () =>
    fc.assert(
      fc.property(
        graphOf,
        fc.nat(8),
        fc.array(maybe, { minLength: 3, maxLength: 3 }),
        ([rows, parents], at, sibling) => {
          const before = lineageScores({ utilities: utilitiesOf(rows), parents: parentsMap(parents) })
          const after = lineageScores({
            utilities: utilitiesOf([...rows, sibling]),
            parents: parentsMap([...parents, [at % rows.length]]),
          })
          for (const [node, of] of before.forgetting)
            for (const [b, lost] of of) expect(after.forgetting.get(node)?.get(b)).toBe(lost)
        },
      ),
    ))

  test('a stage that changes nothing changes neither forgetting nor the change end to end', () =>
    fc.assert(
      fc.property(fc.array(score, { minLength: 2, maxLength: 7 }), fc.nat(5), (column, at) => {
        const i = at % (column.length - 1)
        const longer = [...column.slice(0, i + 1), column[i] ?? 0, ...column.slice(i + 1)]
        expect(forgettingInWindow(longer, 0)).toEqual(forgettingInWindow(column, 0))
        expect((longer.at(-1) ?? 0) - (longer[0] ?? 0)).toBe((column.at(-1) ?? 0) - (column[0] ?? 0))
      }),
    ))

  test('ancestors and lowest common ancestors are those of the definition', () =>
    fc.assert(
      fc.property(graphOf, fc.nat(8), fc.nat(8), ([, parents], a, b) => {
        const graph = weightGraph([...parents.keys()], parentsMap(parents))
        const above = (node: number): Set<number> => new Set((parents[node] ?? []).flatMap((p) => [p, ...above(p)]))
        const [x, y] = [a % parents.length, b % parents.length]
        expect(new Set(graph.ancestors(x))).toEqual(above(x))
        const common = [...above(x), x].filter((id) => id === y || above(y).has(id))
        const lowest = common.filter((id) => !common.some((other) => above(other).has(id)))
        expect(graph.lowestCommonAncestors([x, y])).toEqual([...new Set(lowest)].sort((p, q) => p - q))
      }),
    ))

  test('a cycle is named, and a parent that is no node', () => {
    const parent = (id: string) => [{ id, weight: null }]
    expect(() =>
      weightGraph(
        ['a', 'b'],
        new Map([
          ['a', parent('b')],
          ['b', parent('a')],
        ]),
      ),
    ).toThrow(/descends from itself/)
    expect(() => weightGraph(['a'], new Map([['a', parent('zz')]]))).toThrow(/"zz"/)
  })

  test('a merge is compared with its inputs and with the best of its lowest common ancestors', () => {
    const parents = new Map([
      [
        'x',
        [
          { id: 'a', weight: null },
          { id: 'b', weight: null },
        ],
      ],
      [
        'y',
        [
          { id: 'a', weight: null },
          { id: 'b', weight: null },
        ],
      ],
      [
        'm',
        [
          { id: 'x', weight: 0.75 },
          { id: 'y', weight: 0.25 },
        ],
      ],
    ])
    const one = (v: number) => new Map([['A', v]])
    const utilities = new Map([
      ['a', one(10)],
      ['b', one(20)],
      ['x', one(30)],
      ['y', one(50)],
      ['m', one(40)],
    ])
    const { merge } = lineageScores({ utilities, parents })
    expect(merge.get('m')?.get('A')).toEqual({ vsBestInput: -10, vsWeightedMean: 5, lca: 'b', vsLca: 20 })
    utilities.set('y', new Map())
    const unmeasured = lineageScores({ utilities, parents }).merge.get('m')?.get('A')
    expect(unmeasured).toMatchObject({ vsBestInput: 10, vsWeightedMean: null })
  })
})

const cellOf = fc.record({
  delta: fc.option(
    fc.integer({ min: -20_000, max: 20_000 }).map((x) => x / 1000),
    { freq: 8 },
  ),
  // Never exactly at the margin: there a last bit of rounding decides.
  se: fc.integer({ min: 1, max: 5000 }).map((x) => x / 997),
  p: fc.integer({ min: 1, max: 999_999 }).map((x) => x / 1_000_000),
  comparable: fc.boolean(),
})

describe('a benchmark told otherwise', () => {
  test('flipped and negated, with chance and best: normalised scores and ρ stay', () =>
    fc.assert(
      fc.property(score, score, fc.integer({ min: 0, max: 99 }), (before, after, chance) => {
        const straight = { chance, best: 100 }
        const flipped = { chance: -chance, best: -100 }
        const [s0, s1] = [normalise(before, straight), normalise(after, straight)]
        expect(normalise(-before, flipped)).toBeCloseTo(s0, 12)
        close(retentionRatio(normalise(-after, flipped), normalise(-before, flipped)), retentionRatio(s1, s0))
      }),
    ))

  test('flipped and negated: steps, forgetting, order and worst of a chain stay', () =>
    fc.assert(
      fc.property(fc.array(fc.array(maybe, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 5 }), (rows) => {
        const benchmarks = ['a', 'b', 'c']
        const stages = rows.map((values, i) => ({ id: `s${i}`, values }))
        const flipped = stages.map(({ id, values }) => ({
          id,
          values: values.map((v, b) => (b === 1 && v !== null ? -v : v)),
        }))
        const { average, ...before } = chainScores({ benchmarks, stages })
        const { average: none, ...after } = chainScores({ benchmarks, stages: flipped, orientation: [1, -1, 1] })
        expect(after).toEqual(before)
        expect(none.every((v) => v === null)).toBe(true)
        expect(average).toHaveLength(rows.length)
      }),
    ))

  test('rescaled with its chance, best and margin: ρ, order and state stay, F scales', () =>
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 0, max: 90 }),
        factor,
        shift,
        (column, chance, a, b) => {
          const to = (x: number) => a * x + b
          const [first, last] = [column[0] ?? 0, column.at(-1) ?? 0]
          const ratio = (x: number, y: number, scale: { chance: number; best: number }) =>
            retentionRatio(normalise(y, scale), normalise(x, scale))
          const rho = ratio(first, last, { chance, best: 100 })
          // At ρ's own edge a last bit decides whether it is defined.
          if (Math.abs(normalise(first, { chance, best: 100 }) - 0.05) > 1e-9)
            close(ratio(to(first), to(last), { chance: to(chance), best: to(100) }), rho, 1 + Math.abs(rho ?? 0))
          const lost = forgettingInWindow(column, 0).overAllAncestors
          close(forgettingInWindow(column.map(to), 0).overAllAncestors, (lost ?? 0) * a, 100)
        },
      ),
    ))

  test('rescaled with its margin: states and their adjusted p stay', () =>
    fc.assert(
      fc.property(fc.array(cellOf, { maxLength: 8 }), factor, (list, a) => {
        const cells = list.map((cell, i): StateCell => ({ id: `b${i}`, ...cell }))
        const scaled = cells.map((cell) => ({
          ...cell,
          delta: cell.delta === null ? null : cell.delta * a,
          se: (cell.se ?? 0) * a,
        }))
        const tell = (of: ReturnType<typeof states>) =>
          of.map(({ state, pAdjusted, belowMargin }) => ({ state, pAdjusted, belowMargin }))
        expect(tell(states(scaled, { margin: a }))).toEqual(tell(states(cells, { margin: 1 })))
      }),
    ))

  test('an exchange rate does not depend on the unit of both sides', () =>
    fc.assert(
      fc.property(score, score, factor, (change, gain, a) => {
        const rate = (k: number) => exchangeRate({ change: -change * k, se: 0.5 * k }, { gain: gain * k, se: 1 * k })
        const [before, after] = [rate(1), rate(a)]
        expect(after.reason).toBe(before.reason)
        for (const name of ['rate', 'low', 'high'] as const)
          close(after[name], before[name], 1 + Math.abs(before[name] ?? 0))
      }),
    ))
})

describe('opposites and nothing', () => {
  test('two models swapped: every delta changes its sign', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(maybe, maybe), { minLength: 1, maxLength: 8 }), (pairs) => {
        const names = pairs.map((_, i) => `b${i}`)
        const [ref, after] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
        const [there, back] = [meanDelta(names, ref, after), meanDelta(names, after, ref)]
        there.deltas.forEach((delta, i) => {
          close(back.deltas[i] ?? null, delta === null ? null : -delta)
        })
        close(back.mean, there.mean === null ? null : -there.mean)
      }),
    ))

  test('a model that answers as its ancestors do has forgotten exactly nothing', () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 1), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        (own, k) => {
          const ancestors = Array.from({ length: k }, () => own)
          expect(bestAncestorForgetting({ own, ancestors })).toMatchObject({ forgetting: 0, low: 0, high: 0 })
          expect(honestForgetting({ own, ancestors })).toBe(0)
        },
      ),
      { numRuns: 30 },
    ))
})

describe('budgets', () => {
  const interval = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(500), fc.nat(500))
  const rank = { pass: 0, warn: 1, missing: 1, fail: 2 }
  test('a larger tolerance never makes a verdict worse', () =>
    fc.assert(
      fc.property(interval, fc.nat(900), fc.nat(900), ([delta, down, up], t, more) => {
        const at = (tolerance: number) => rank[budget({ delta, low: delta - down, high: delta + up, tolerance })]
        expect(at(t + more)).toBeLessThanOrEqual(at(t))
      }),
    ))
  test('a cell with a better interval never gets a worse verdict', () =>
    fc.assert(
      fc.property(interval, fc.nat(900), fc.nat(500), ([delta, down, up], tolerance, by) => {
        const at = (d: number) => rank[budget({ delta: d, low: d - down, high: d + up, tolerance })]
        expect(at(delta + by)).toBeLessThanOrEqual(at(delta))
      }),
    ))
})

describe('means of a stage', () => {
  test('the mean lies among its cells, and its error is no larger than the largest of them', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ category: fc.constantFrom('a', 'b', 'c'), delta: score, se: score }), {
          minLength: 1,
          maxLength: 9,
        }),
        (list) => {
          const of = roleMean(list.map((cell, i) => ({ id: `${i}`, ...cell })))
          const deltas = list.map(({ delta }) => delta)
          expect(of?.mean).toBeGreaterThanOrEqual(Math.min(...deltas) - 1e-9)
          expect(of?.mean).toBeLessThanOrEqual(Math.max(...deltas) + 1e-9)
          expect(of?.se).toBeLessThanOrEqual(Math.max(...list.map(({ se }) => se)) + 1e-9)
        },
      ),
    ))
})

describe('the frontier', () => {
  const point = fc.record({ learn: fc.nat(6), retain: fc.nat(6) })
  test('holds no point that another dominates, and each point left out is dominated by one on it', () =>
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), (list) => {
        const points: ParetoPoint[] = list.map((p, i) => ({ id: String(i), ...p }))
        const { front, dominated } = paretoSplit(points)
        expect([...front, ...dominated].sort()).toEqual(points.map(({ id }) => id).sort())
        const beats = (q: ParetoPoint, p: ParetoPoint) =>
          q.learn >= p.learn && q.retain >= p.retain && (q.learn > p.learn || q.retain > p.retain)
        const on = points.filter(({ id }) => front.includes(id))
        for (const p of on) expect(on.some((q) => beats(q, p))).toBe(false)
        for (const p of points.filter(({ id }) => dominated.includes(id)))
          expect(on.some((q) => beats(q, p))).toBe(true)
      }),
    ))
  test('retention at equal learning lies between its neighbours and is missing outside', () => {
    const series = [
      { learn: 10, retain: 60 },
      { learn: 20, retain: 50 },
      { learn: 40, retain: 30 },
    ]
    expect(retentionAtLearning(series, 15)).toBe(55)
    expect(retentionAtLearning(series, 40)).toBe(30)
    expect(retentionAtLearning(series, 41)).toBeNull()
  })
})

test('the selection effect grows with the number of ancestors', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), (k) => {
      expect(selectionEffect(k + 1)).toBeGreaterThan(selectionEffect(k))
    }),
    { numRuns: 20 },
  ))
