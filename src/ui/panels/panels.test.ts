/** Models of panels, kept as pictures in numbers: `test/fixtures/charts` holds what each panel of this sweep draws: a change of a rule shows there. */
import { describe, expect, test } from 'vitest'
import type { ColumnValue } from '#src/core/panels/column.ts'
import type { PanelContent } from '#src/core/panels/panel-content.ts'
import { csvTable } from '#src/core/publish/csv.ts'
import { dotPath } from './dot-path.ts'
import { DOT_SHAPES, RAMP_STEPS, rampSteps } from './panel-colours.ts'
import { contentOf, draftOf } from './panel-draft.ts'
import { barRows, binRows, importanceRows, runRows } from './panel-table.ts'
import type { PanelValues } from './panel-values.ts'
import {
  associationWords,
  barReading,
  barsSentence,
  binReading,
  histogramSentence,
  panelTitle,
  scatterSentence,
} from './panel-words.ts'
import { changeOf, prepareBars } from './prepare-bars.ts'
import { HISTOGRAM_ROWS_MAX, prepareHistogram } from './prepare-histogram.ts'
import { prepareNumber } from './prepare-number.ts'
import { prepareParallel } from './prepare-parallel.ts'
import { nearestDot, prepareScatter } from './prepare-scatter.ts'
import { keyTarget } from './scatter-drawing.tsx'

const LR = 'config.lr'
const OPTIMIZER = 'config.optimizer'
const LOSS = 'metrics.loss.min'
const ACCURACY = 'metrics.accuracy.max'

/** Twelve runs of a small sweep: one without a loss, one that ended in NaN, one whose optimizer was not logged. */
const SWEEP: readonly (readonly [lr: number, optimizer: ColumnValue, loss: ColumnValue, accuracy: ColumnValue])[] = [
  [1e-5, 'adamw', 2.4, 0.12],
  [3e-5, 'adamw', 1.9, 0.21],
  [1e-4, 'adamw', 1.21, 0.44],
  [3e-4, 'adamw', 0.92, 0.55],
  [1e-3, 'adamw', 1.4, 0.39],
  [3e-3, 'adamw', Number.NaN, null],
  [1e-5, 'sgd', 3.1, 0.08],
  [1e-4, 'sgd', 2.2, 0.17],
  [1e-3, 'sgd', 1.5, 0.31],
  [1e-2, 'sgd', 1.1, 0.48],
  [3e-2, 'sgd', null, null],
  [1e-3, null, 1.3, 0.4],
]

const sweep: PanelValues = {
  runs: SWEEP.map((_, i) => ({
    number: i + 1,
    name: `sweep-${i + 1}`,
    stage: { number: 4, kind: 'task', name: 'task' },
  })),
  columns: new Map<string, ColumnValue[]>([
    [LR, SWEEP.map(([lr]) => lr)],
    [OPTIMIZER, SWEEP.map(([, optimizer]) => optimizer)],
    [LOSS, SWEEP.map(([, , loss]) => loss)],
    [ACCURACY, SWEEP.map(([, , , accuracy]) => accuracy)],
  ]),
  better: new Map([
    [LOSS, 'lower'],
    [ACCURACY, 'higher'],
  ]),
  matching: 12,
  baseline: {
    run: { number: 3, name: 'sweep-3', stage: { number: 4, kind: 'task', name: 'task' } },
    values: new Map<string, ColumnValue>([
      [LR, 1e-4],
      [OPTIMIZER, 'adamw'],
      [LOSS, 1.21],
      [ACCURACY, 0.44],
    ]),
  },
}
const plain = { colouredBy: 'run' as const, groupOf: sweep.runs.map(() => null) }
const bare = { colouredBy: 'run' as const, groupedBy: null }

/** Numbers in six digits: a last bit that another processor sets is no change of a picture. */
const picture = (model: unknown): string =>
  `${JSON.stringify(model, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value), 1)}\n`

const drawn = {
  scatter: prepareScatter(sweep, { kind: 'scatter', x: LR, y: LOSS, colour: OPTIMIZER, logX: true }, plain),
  'scatter-of-words': prepareScatter(sweep, { kind: 'scatter', x: OPTIMIZER, y: ACCURACY, colour: LOSS }, plain),
  bars: prepareBars(sweep, { kind: 'bar', field: ACCURACY, order: 'value' }, bare),
  'bars-of-groups': prepareBars(sweep, { kind: 'bar', field: LOSS, by: OPTIMIZER }, bare),
  boxes: prepareBars(sweep, { kind: 'bar', field: LOSS, by: OPTIMIZER, spread: 'box' }, bare),
  histogram: prepareHistogram(sweep, { kind: 'histogram', field: LOSS }, null),
  'histogram-of-groups': prepareHistogram(sweep, { kind: 'histogram', field: LR, log: true }, OPTIMIZER),
  parallel: prepareParallel(sweep, { kind: 'parallel', fields: [LR, OPTIMIZER, ACCURACY], target: LOSS }, [], plain),
}

test.each(Object.entries(drawn))('the model of %s is the one that was looked at', async (name, model) => {
  await expect(picture(model)).toMatchFileSnapshot(`../../../test/fixtures/charts/${name}.json`)
})

describe('a scatter', () => {
  test('draws runs that have both values, and says how many have not', () => {
    expect(drawn.scatter.dots.map(({ run }) => run)).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 11])
    expect(scatterSentence(drawn.scatter, sweep)).toBe('10 of 12 runs, 2 without both values')
    expect(associationWords(drawn.scatter)).toBe('|ρ| ↓ 0.71 over 10 runs, by chance 0.33')
  })

  test('gives a value the same colour whatever else is shown', () => {
    const few = { ...sweep, runs: sweep.runs.slice(6), columns: tail(6), matching: 6 }
    const colourOf = (values: PanelValues) => {
      const { legend } = prepareScatter(values, { kind: 'scatter', x: LR, y: LOSS, colour: OPTIMIZER }, plain)
      return legend.kind === 'categories' ? legend.names.find(({ name }) => name === 'sgd')?.colour : undefined
    }
    expect(colourOf(few)).toBe(colourOf(sweep))
    expect(colourOf(sweep)).toMatch(/^light-dark\(/)
  })

  test('is read by arrows from left to right and upwards, and by the nearest dot', () => {
    const { dots } = drawn.scatter
    const first = keyTarget('ArrowRight', false, dots, null)
    expect(first).toMatchObject({ run: 0 })
    expect(keyTarget('ArrowRight', false, dots, 0)).toMatchObject({ run: 6 })
    expect(keyTarget('ArrowUp', false, dots, 3)).toMatchObject({ run: 9 })
    expect(keyTarget('End', false, dots, 0)).toMatchObject({ run: 9 })
    expect(keyTarget('Enter', false, dots, 3)).toBe('open')
    expect(keyTarget('Escape', false, dots, null)).toBeNull()
    const at = dots[4] as (typeof dots)[0]
    const plot = { width: 400, height: 200 }
    expect(nearestDot(dots, { x: at.x * 400 + 3, y: (1 - at.y) * 200 }, plot, 24)).toBe(at)
    expect(nearestDot(dots, { x: -300, y: -300 }, plot, 24)).toBeNull()
  })

  test('of words has a place for each, and no axis is logarithmic by itself', () => {
    expect(drawn['scatter-of-words'].x).toMatchObject({ kind: 'category', isLog: false, max: 2 })
    expect(drawn['scatter-of-words'].association).toBeNull()
  })
})

describe('bars', () => {
  test('begin at zero, and tell sign, arrow and word against the baseline by the direction of the metric', () => {
    const { bars, zero, baseline } = drawn.bars
    expect(zero).toBe(0)
    expect(bars.map(({ name }) => name).slice(0, 3)).toEqual(['sweep-4', 'sweep-10', 'sweep-3'])
    expect(bars[0]?.change).toEqual({ text: '+0.110', word: 'better', arrow: '▲' })
    expect(bars.find(({ isBaseline }) => isBaseline)?.change).toBeNull()
    expect(baseline?.name).toBe('sweep-3')
    expect(changeOf(sweep, LOSS, 0.25)).toEqual({ text: '+0.250', word: 'worse', arrow: '▼' })
    expect(changeOf(sweep, 'cost', 0.25).word).toBeNull()
  })

  test('of groups are told with their spread; the missing value is a group, and not zero', () => {
    const { bars } = drawn['bars-of-groups']
    expect(bars.map(({ name, n }) => [name, n])).toEqual([
      ['adamw', 5],
      ['sgd', 4],
      ['missing', 1],
    ])
    const [adamw, , missing] = bars
    expect(missing?.whisker).toBeNull()
    if (adamw) expect(barReading(adamw, drawn['bars-of-groups'])).toContain('5 runs, SD 0.5871')
    expect(barsSentence(drawn['bars-of-groups'], sweep)).toBe('10 of 12 runs, 2 without a value')
    expect(drawn['bars-of-groups'].axisName).toBe('loss (min), mean ± SD')
  })

  test('of words say that they cannot tell them', () => {
    expect(prepareBars(sweep, { kind: 'bar', field: OPTIMIZER }, bare).problem).toMatch(/holds words/)
  })

  test('boxes need no zero', () => expect(drawn.boxes.zero).toBeNull())
})

describe('a histogram', () => {
  test('counts each run once, and reads a bin in words', () => {
    const { rows, n } = drawn.histogram
    expect(rows[0]?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(n)
    expect(histogramSentence(drawn.histogram, sweep)).toBe('10 of 12 runs, 2 without a value')
    expect(binReading(drawn.histogram, 0, 1)).toBe('1 to 1.5: 4 runs, 40 %')
  })

  test('of words counts them, the most first', () => {
    expect(prepareHistogram(sweep, { kind: 'histogram', field: OPTIMIZER }, null).words).toMatchObject([
      { name: 'adamw', count: 6 },
      { name: 'sgd', count: 5 },
    ])
  })

  test('of many groups draws the largest and says how many it does not', () => {
    const many = {
      ...sweep,
      columns: new Map([...sweep.columns, ['config.seed', sweep.runs.map((_, i) => `s${Math.min(i, 8)}`)]]),
    }
    const model = prepareHistogram(many, { kind: 'histogram', field: LOSS }, 'config.seed')
    expect(model.rows).toHaveLength(HISTOGRAM_ROWS_MAX)
    expect(histogramSentence(model, many)).toContain('smaller groups not drawn')
  })
})

describe('parallel coordinates', () => {
  test('break at a missing value, end in the target, and tell what goes along with it', () => {
    const { axes, lines, importance } = drawn.parallel
    expect(axes.map(({ field, missing }) => [field, missing])).toEqual([
      [LR, 0],
      [OPTIMIZER, 1],
      [ACCURACY, 2],
      [LOSS, 2],
    ])
    expect(lines[11]?.places[1]).toBeNull()
    expect(importance?.told.map(({ field, measure, n }) => [field, measure, n])).toEqual([
      [ACCURACY, 'rho', 10],
      [LR, 'rho', 10],
      [OPTIMIZER, 'eta2', 9],
    ])
  })

  test('choose the runs within every range', () => {
    const range = { field: OPTIMIZER, from: 0, to: 0, only: [0] }
    const { chosen } = prepareParallel(
      sweep,
      { kind: 'parallel', fields: [LR, OPTIMIZER], target: LOSS },
      [range],
      plain,
    )
    expect(chosen).toBe(6)
  })

  test('say why nothing is told for a target of words', () => {
    const model = prepareParallel(sweep, { kind: 'parallel', fields: [LR], target: OPTIMIZER }, [], plain)
    expect([model.importance, model.noImportance]).toEqual([null, expect.stringContaining('holds words')])
  })
})

test('a number stands with its spread and its change against the baseline; sums and counts have none', () => {
  const mean = prepareNumber(sweep, { kind: 'number', field: ACCURACY, aggregate: 'mean' })
  expect(mean).toMatchObject({ n: 10, without: 2, change: { word: 'worse' } })
  expect(mean.value).toBeCloseTo(0.315, 12)
  expect(prepareNumber(sweep, { kind: 'number', field: ACCURACY, aggregate: 'sum' }).change).toBeNull()
  expect(prepareNumber(sweep, { kind: 'number', field: OPTIMIZER, aggregate: 'count' })).toMatchObject({ value: 11 })
  expect(prepareNumber(sweep, { kind: 'number', field: OPTIMIZER, aggregate: 'mean' }).problem).toMatch(/words/)
})

test('tables hold what the drawing does, missing values as empty cells', () => {
  const content: PanelContent = { kind: 'table', fields: [OPTIMIZER, LOSS] }
  const runs = runRows(sweep, content, 'Table', [])
  expect(csvTable(runs.table).split('\r\n').slice(0, 2)).toEqual([
    'Run,Number,optimizer (config),loss (min)',
    'sweep-1,1,adamw,2.4',
  ])
  expect(csvTable(runs.table).split('\r\n').slice(11, 13)).toEqual(['sweep-11,11,sgd,', 'sweep-12,12,,1.3'])
  expect(barRows(drawn.bars, 'Bars', []).table.columns.map(({ name }) => name)).toEqual([
    'Run',
    'accuracy (max)',
    'Against sweep-3',
    'That is',
  ])
  expect(binRows(drawn['histogram-of-groups'], 'Bins', []).table.columns.map(({ name }) => name)).toEqual([
    'From',
    'To',
    'adamw',
    'sgd',
    'missing',
  ])
  const importance = drawn.parallel.importance
  if (importance) expect(importanceRows(importance).table.rows).toHaveLength(3)
})

test('panels without a title of their own are named by what they show', () => {
  const titles = [
    { kind: 'scatter', x: LR, y: LOSS },
    { kind: 'bar', field: LOSS, by: OPTIMIZER },
    { kind: 'histogram', field: LR },
    { kind: 'parallel', fields: [LR], target: LOSS },
    { kind: 'number', field: ACCURACY, aggregate: 'median' },
  ] satisfies PanelContent[]
  expect(titles.map((content) => panelTitle(content))).toEqual([
    'loss (min) over lr (config)',
    'loss (min) by optimizer (config)',
    'Distribution of lr (config)',
    'What goes along with loss (min)',
    'accuracy (max), median',
  ])
  expect(panelTitle({ kind: 'text', markdown: '', title: 'Notes' })).toBe('Notes')
})

test('dots of one look are one path, each form its own', () => {
  expect(new Set(DOT_SHAPES.map((shape) => dotPath(shape, 10, 10, 3.5))).size).toBe(DOT_SHAPES.length)
})

test('numbers go from one end of the ramp to the other; those that span decades by their logarithm', () => {
  const steps = (values: number[]) => rampSteps({ kind: 'number', values, n: values.length, missing: 0, notFinite: 0 })
  expect(steps([0, 1, 2, 3])).toEqual([0, 2, 4, RAMP_STEPS - 1])
  expect(steps([1, 10, 100, 1000])).toEqual([0, 2, 4, RAMP_STEPS - 1])
})

function tail(from: number): PanelValues['columns'] {
  return new Map([...sweep.columns].map(([field, values]) => [field, values.slice(from)]))
}

describe('the form of a panel', () => {
  test.each([
    { kind: 'scatter', x: LR, y: LOSS, colour: OPTIMIZER, logX: true },
    { kind: 'bar', field: LOSS, by: OPTIMIZER, aggregate: 'median', spread: 'box', order: 'value' },
    { kind: 'bar', field: LOSS },
    { kind: 'histogram', field: LR, bins: 12, log: true },
    { kind: 'parallel', fields: [LR, OPTIMIZER], target: LOSS },
    { kind: 'table', fields: [LR] },
    { kind: 'text', markdown: '# Notes' },
    { kind: 'number', field: LOSS, aggregate: 'min' },
  ] satisfies PanelContent[])('gives back what it was opened with: $kind', (content) => {
    expect(contentOf(draftOf(content))).toEqual(content)
  })

  test('says what a new panel lacks where it belongs', () => {
    const empty = draftOf(null)
    expect(contentOf(empty)).toEqual({ at: 'x', says: 'Choose what lies across' })
    expect(contentOf({ ...empty, kind: 'parallel', fields: [LR] })).toMatchObject({ at: 'fields' })
    expect(contentOf({ ...empty, kind: 'text', markdown: ' ' })).toMatchObject({ at: 'markdown' })
  })
})
