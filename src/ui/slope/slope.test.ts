import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import type { MatrixStage } from '#src/protocol/matrix.ts'
import type { MatrixCell, MatrixModel } from '#src/ui/matrix/matrix-model.ts'
import { placeEnds, prepareSlope, type SlopeScale } from './prepare-slope.ts'
import { notesOf, sentenceOf, slopeTable } from './slope-words.ts'

describe('the normalised axis', () => {
  test('has chance at 0 and the best at 1, whichever way is better', () => {
    expect(valuesOf({ chance: 0.25 }, [0.25, 0.625, 1])).toEqual([0, 0.5, 1])
    expect(valuesOf({ chance: 0.5, best: 0, higher_is_better: false, kind: 'rate' }, [0.5, 0.25, 0])).toEqual([
      0, 0.5, 1,
    ])
  })
  test('turns the ends of an interval with a benchmark that counts the other way', () => {
    const { lines } = slopeOf([benchmark({ chance: 1, best: 0, higher_is_better: false, kind: 'rate' })], [[0.4, 0.2]])
    expect(lines[0]?.dots[0]).toMatchObject({ value: 0.6, low: expect.closeTo(0.5), high: expect.closeTo(0.7) })
  })
  test.each<[Partial<Benchmark>, string]>([
    [{ kind: 'loss', chance: null }, 'it has no chance level'],
    [{ kind: 'accuracy', chance: null }, 'its chance is not known'],
  ])('leaves %o out and says why; raw it is drawn', (more, why) => {
    const asked: [Benchmark[], number[][]] = [[benchmark(more)], [[0.5, 0.4]]]
    expect(slopeOf(...asked)).toMatchObject({ lines: [], leftOut: [{ name: 'Quiz', why }] })
    expect(slopeOf(...asked, { scale: 'raw' }).lines).toHaveLength(1)
  })
})

describe('what is joined', () => {
  test('stages that follow each other; a fork is a branch at the place of its sibling', () => {
    const { lines, stops } = slopeOf([benchmark()], [[0.5, 0.6, 0.7, 0.4]], { siblings: 1 })
    expect(stops.map(({ name, place, isBranch }) => [name, place, isBranch])).toEqual([
      ['s1', 0, false],
      ['s2', 1, false],
      ['s3', 2, false],
      ['s4', 2, true],
    ])
    expect(joinsOf(lines[0])).toEqual(['s1→s2', 's2→s3', 's2→s4'])
  })
  test('not two protocols, and the notes name the place', () => {
    const slope = slopeOf([benchmark()], [[0.5, 0.6, 0.7]], { protocols: ['p', 'p', 'q'] })
    expect(joinsOf(slope.lines[0])).toEqual(['s1→s2'])
    expect(notesOf(slope, 'normalised')).toContain('Not joined: Quiz after s2 (another protocol).')
  })
  test('nothing across a stage that was not measured', () => {
    const { lines } = slopeOf([benchmark()], [[0.5, null, 0.7]])
    expect(joinsOf(lines[0])).toEqual([])
    expect(lines[0]?.dots.map(({ stop }) => stop.name)).toEqual(['s1', 's3'])
  })
})

test('a benchmark that a stage lacks can be left out, and the stage is named', () => {
  const rows = [benchmark(), benchmark({ slug: 'b', name: 'Other' })]
  const slope = slopeOf(
    rows,
    [
      [0.5, null, 0.7],
      [0.5, 0.5, 0.5],
    ],
    { onlyWhole: true },
  )
  expect(slope.lines.map(({ benchmark }) => benchmark.name)).toEqual(['Other'])
  expect(slope.leftOut).toEqual([{ name: 'Quiz', why: 's2 without it' }])
})

test('a benchmark of one stage has no line', () =>
  expect(slopeOf([benchmark()], [[0.5, null]]).leftOut).toEqual([{ name: 'Quiz', why: 'only s1 has it' }]))

test('the sentence names what was lost for certain on the path', () => {
  const slope = slopeOf([benchmark()], [[0.9, 0.5]], { states: ['no_baseline', 'forgot'] })
  expect(sentenceOf(slope)).toBe('1 benchmark over 2 stages; Quiz lost for certain at a stage')
})

test('the table holds the normalised value, the score, its interval and n; what is missing is said', () =>
  expect(slopeTable(slopeOf([benchmark()], [[0.625, null, 1]]), 'normalised').table.rows).toEqual([
    [
      { text: 'Quiz' },
      { text: '0.50 = 0.625 (0.53 to 0.72), n 100' },
      { text: 'not measured' },
      { text: '1.00 = 1.000 (0.90 to 1.10), n 100' },
    ],
  ]))

test('names at the end keep their distance, stay inside and in the order of their lines', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 1, maxLength: 24 }), (ys) => {
      const placed = placeEnds(
        ys.map((y, key) => ({ key, y })),
        { gap: 16, top: 0, bottom: 400 },
      )
      const order = ys.map((y, key) => ({ key, y })).sort((a, b) => a.y - b.y || a.key - b.key)
      const at = order.map(({ key }) => placed.get(key) ?? Number.NaN)
      for (const [i, y] of at.entries()) {
        if (i > 0) expect(y - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(16 - 1e-6)
        expect(y).toBeGreaterThanOrEqual(-1e-6)
        expect(y).toBeLessThanOrEqual(400 + 1e-6)
      }
    }),
  )
})

const benchmark = (more: Partial<Benchmark> = {}): Benchmark => ({
  slug: 'quiz',
  name: 'Quiz',
  category: 'knowledge',
  kind: 'accuracy',
  higher_is_better: true,
  chance: 0.25,
  best: 1,
  unit: null,
  use: null,
  margin: null,
  twin: null,
  ...more,
})

interface Asked {
  scale?: SlopeScale
  onlyWhole?: boolean
  siblings?: number
  protocols?: string[]
  states?: MatrixCell['state'][]
}

/** Scores by benchmark and stage; the last `siblings` stages stand beside the last of the path. */
function slopeOf(rows: Benchmark[], scores: (number | null)[][], asked: Asked = {}) {
  const n = scores[0]?.length ?? 0
  const path = n - (asked.siblings ?? 0)
  const columns = Array.from({ length: n }, (_, i) => ({
    experiment: { project: 'p', number: i + 1, slug: `s${i + 1}`, name: `s${i + 1}`, stage_kind: 'task' as const },
    group: i < path ? ('path' as const) : ('sibling' as const),
    checkpoint: { id: `c${i + 1}`, step: 1, tokens: null },
    variant: '',
  }))
  const stages: MatrixStage[] = columns.map(({ experiment }, i) => ({
    ...experiment,
    parent: i === 0 ? null : i < path ? i : path - 1,
    measured: true,
  }))
  const model = {
    rows: rows.map((row) => ({ benchmark: row, slice: null })),
    columns,
    cellAt: (row: number, column: number) => {
      const score = scores[row]?.[column] ?? null
      return score === null ? null : cell(score, asked.protocols?.[column] ?? 'p', asked.states?.[column])
    },
  } as unknown as MatrixModel
  return prepareSlope(model, stages, { scale: asked.scale ?? 'normalised', onlyWhole: asked.onlyWhole ?? false })
}

const cell = (score: number, fingerprint: string, state: MatrixCell['state'] = 'inconclusive') =>
  ({
    score,
    low: score - 0.1,
    high: score + 0.1,
    n: 100,
    state,
    reason: null,
    protocol: { fingerprint, metric: 'acc', name: '', fields: { task: 'quiz' } },
  }) as unknown as MatrixCell

const valuesOf = (more: Partial<Benchmark>, scores: number[]) =>
  slopeOf([benchmark(more)], [scores]).lines[0]?.dots.map(({ value }) => value)

const joinsOf = (line: ReturnType<typeof slopeOf>['lines'][number] | undefined) =>
  line?.joins.map(({ from, to }) => `${from.stop.name}→${to.stop.name}`)
