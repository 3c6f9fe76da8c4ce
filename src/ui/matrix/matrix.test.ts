import { describe, expect, test } from 'vitest'
import { markdownText, parseMarkdownTable } from '#src/core/publish/markdown.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import type { Matrix, MatrixColumn, MatrixState } from '#src/protocol/matrix.ts'
import { type Arrangement, arrangeRows, worstMember } from './arrange-rows.ts'
import { cellLook } from './cell-look.ts'
import { columnLefts, inSight, SIZES } from './grid-places.ts'
import { type MatrixModel, matrixModel } from './matrix-model.ts'
import { cellsTable, matrixTable } from './matrix-table.ts'
import { cellWords, evaluationsSentence, matrixNotes, restWords, retentionSentence } from './matrix-words.ts'
import { forksOf, leafBelow, stagesTo } from './path-of.ts'
import { baselinesAhead } from './use-matrix.ts'
import { cellName, readCellName } from './view-state.ts'

const benchmark = (slug: string, more: Partial<Benchmark> = {}): Benchmark => ({
  slug,
  name: slug,
  category: 'knowledge',
  kind: 'accuracy',
  higher_is_better: true,
  chance: null,
  best: null,
  unit: null,
  use: null,
  margin: null,
  twin: null,
  ...more,
})

interface Cell {
  row: number
  score: number
  change?: number | null
  state?: MatrixState
  half?: number | null
  budget?: 'pass' | 'warn' | 'fail' | null
  reason?: string
}

/** A column of cells; those with a change have an interval of ± half. */
function column(name: string, cells: readonly Cell[], group: MatrixColumn['group'] = 'path'): MatrixColumn {
  const list = <T>(read: (cell: Cell) => T) => cells.map(read)
  const end = (sign: 1 | -1) =>
    list((c) =>
      c.change === undefined || c.change === null || c.half === null ? null : c.change + sign * (c.half ?? 0.05),
    )
  return {
    experiment: { project: 'p', number: name.length, slug: name, name, stage_kind: 'task' },
    group,
    checkpoint: { id: `id-${name}`, step: 9, tokens: null },
    state: null,
    variant: '',
    of_stage: true,
    run: 1,
    baseline: 0,
    within: { kept: 0, of: 0, beyond: 0 },
    cells: {
      at: list((c) => c.row),
      score: list((c) => c.score),
      low: list(() => 0.1),
      high: list(() => 0.2),
      n: list(() => 48),
      trials: list(() => 1),
      protocol: list(() => 0),
      role: list(() => 'retention' as const),
      state: list((c) => c.state ?? 'inconclusive'),
      change: list((c) => c.change ?? null),
      change_low: end(-1),
      change_high: end(1),
      p: list((c) => (c.state === 'forgot' || c.state === 'improved' ? 0.001 : 0.2)),
      paired_n: list(() => 48),
      tolerance: list(() => 0.05),
      budget: list((c) => c.budget ?? null),
      against: list((c) => (c.change === undefined ? null : 0)),
      reason: list((c) => (c.reason === undefined ? null : 0)),
    },
  }
}

const page = (columns: readonly MatrixColumn[], rows: readonly Benchmark[], more: Partial<Matrix> = {}): Matrix => ({
  set: 'path',
  leaf: 1,
  siblings: null,
  baseline: 'parent',
  rows: rows.map((b) => ({ benchmark: b, slice: null })),
  total: columns.length,
  from: 0,
  columns: [...columns],
  baselines: [
    {
      experiment: { project: 'p', number: 1, slug: 'base', name: 'base', stage_kind: 'pretrain' },
      checkpoint: { id: 'id-base', step: 9, tokens: null },
    },
  ],
  protocols: [
    { fingerprint: 'f'.repeat(64), metric: 'acc', name: '', fields: { task: 't', harness: 'h', harness_version: '2' } },
  ],
  reasons: ['another protocol: shots differs'],
  ...more,
})

const modelOf = (...pages: readonly (Matrix | undefined)[]): MatrixModel => {
  const model = matrixModel(pages)
  if (!model) throw new Error('a page makes a model')
  return model
}

const bpb = benchmark('bpb', { kind: 'loss', higher_is_better: false, category: 'language' })
const accuracy = benchmark('accuracy')

describe('baselines asked for ahead', () => {
  const measured = [{ experiment: 1, checkpoint: { id: 'id-first', step: 9, tokens: null }, of_stage: true }]
  const first = page([column('a', [])], [accuracy], { measured })

  test('are those that one click leads to, without the one that is shown', () =>
    expect(baselinesAhead([undefined, first], { baseline: 'root' })).toEqual(['parent', 'best', 'id-first']))
  test('are none where slices are shown, which take long', () =>
    expect(baselinesAhead([first], { baseline: 'root', slices: 'true' })).toEqual([]))
})

describe('a model of pages', () => {
  test('what came with a page stays the same thing when another page comes, and is new with a new answer', () => {
    const first = page([column('a', [{ row: 0, score: 0.5, change: -0.2 }])], [accuracy], { total: 2 })
    const second = page([column('b', [{ row: 0, score: 0.4 }])], [accuracy], { total: 2, from: 1 })
    const [alone, both] = [modelOf(first), modelOf(first, second)]
    expect(both.cellAt(0, 0)).toBe(alone.cellAt(0, 0))
    expect(both.columns[0]).toBe(alone.columns[0])
    const again = modelOf({ ...first, baselines: [] }, second)
    expect(alone.cellAt(0, 0)?.against?.experiment.name).toBe('base')
    expect(again.cellAt(0, 0)?.against).toBeNull()
  })

  test('finds a cell wherever its column came from, and rows by their name', () => {
    const first = page([column('a', [{ row: 0, score: 0.5 }])], [accuracy, bpb], { total: 3 })
    const later = page([column('c', [{ row: 1, score: 0.9 }])], [bpb, accuracy], { from: 2, total: 3 })
    const model = modelOf(first, later)
    expect(model.columns.map((head) => head?.experiment.name ?? null)).toEqual(['a', null, 'c'])
    expect(model.cellAt(0, 0)?.score).toBe(0.5)
    expect(model.cellAt(0, 2)?.score).toBe(0.9)
    expect(model.cellAt(1, 0)).toBeNull()
    expect(model.cellAt(0, 1)).toBeNull()
  })

  test('turns a change round where lower is better', () => {
    const model = modelOf(page([column('a', [{ row: 0, score: 4, change: 1.5, state: 'forgot' }])], [bpb]))
    expect(model.cellAt(0, 0)).toMatchObject({ change: 1.5, utility: -1.5 })
  })
})

describe('the look of a cell', () => {
  const look = (cell: Omit<Cell, 'row' | 'score'>, of = accuracy, hide = false) =>
    cellLook(modelOf(page([column('a', [{ row: 0, score: 0.4, ...cell }])], [of])).cellAt(0, 0), of, hide)

  test.each<[string, Omit<Cell, 'row' | 'score'>, Benchmark, string]>([
    ['a certain loss', { change: -0.854, state: 'forgot' }, accuracy, 'change lost 5 certain'],
    ['a small loss that may be noise', { change: -0.02, state: 'inconclusive' }, accuracy, 'change lost 1 uncertain'],
    ['a loss in bits goes up', { change: 0.35, state: 'no_interval' }, bpb, 'change lost 3 no_interval'],
    ['a gain in bits goes down', { change: -0.683, state: 'improved' }, bpb, 'change gained 3 certain'],
    ['the edge of a step belongs to it', { change: 0.25, state: 'improved' }, accuracy, 'change gained 3 certain'],
    ['no change', { change: 0, state: 'retained' }, accuracy, 'same'],
    ['another protocol', { change: null, state: 'not_comparable', reason: 'x' }, accuracy, 'hatched'],
    ['nothing to compare with', { change: null, state: 'no_baseline' }, accuracy, 'plain'],
  ])('%s', (_, cell, of, words) => {
    const { kind, direction, step, sureness } = look(cell, of)
    expect([kind, direction, step, sureness].filter((part) => part !== null).join(' ')).toBe(words)
  })

  test('a missing cell is missing, never zero', () => expect(cellLook(null, accuracy).kind).toBe('missing'))

  test('hiding what is uncertain empties it and leaves the hatch', () => {
    expect(look({ change: -0.02, state: 'inconclusive' }, accuracy, true).kind).toBe('empty')
    expect(look({ change: -0.8, state: 'forgot' }, accuracy, true).kind).toBe('change')
    expect(look({ change: null, state: 'not_comparable', reason: 'x' }, accuracy, true).kind).toBe('hatched')
  })

  test.each<[string, Omit<Cell, 'row' | 'score'>, string | null]>([
    ['certainly beyond', { change: -0.5, state: 'forgot', budget: 'fail' }, 'filled'],
    ['beyond by the estimate', { change: -0.06, state: 'inconclusive', budget: 'warn' }, 'outlined'],
    ['beyond without an interval', { change: -0.06, state: 'no_interval', budget: 'warn', half: null }, 'filled'],
    ['within by the estimate', { change: -0.04, state: 'inconclusive', budget: 'warn' }, null],
    ['within', { change: -0.01, state: 'retained', budget: 'pass' }, null],
  ])('the corner of a loss %s', (_, cell, corner) => expect(look(cell).corner).toBe(corner))
})

describe('rows', () => {
  const rows = [bpb, accuracy, benchmark('format', { category: 'instruction' })]
  const model = modelOf(
    page(
      [
        column('a', [
          { row: 0, score: 2, change: 0.05, state: 'inconclusive' },
          { row: 1, score: 0.4, change: -0.6, state: 'inconclusive' },
          { row: 2, score: 0.1, change: -0.3, state: 'forgot' },
        ]),
      ],
      rows,
    ),
  )
  const arranged = (more: Partial<Arrangement> = {}) =>
    arrangeRows(model, {
      group: 'none',
      sort: 'benchmark',
      onlyCertain: false,
      open: new Set(),
      folded: new Set(),
      ...more,
    })
  const keys = (more: Partial<Arrangement>) => arranged(more).entries.map((entry) => entry.key)

  test('stand in groups by category', () =>
    expect(keys({ group: 'category' })).toEqual([
      'group language',
      'bpb',
      'group knowledge',
      'accuracy',
      'group instruction',
      'format',
    ]))
  test('a folded group is one row: in each column the member that lost most, certain losses first, never a mean', () => {
    const { entries } = arranged({ group: 'category', folded: new Set(['knowledge']) })
    expect(entries.map((entry) => entry.key)).toEqual([
      'group language',
      'bpb',
      'group knowledge',
      'group instruction',
      'format',
    ])
    expect(worstMember(model, [0, 1, 2], 0)).toBe(2)
    expect(worstMember(model, [0, 1], 0)).toBe(1)
    expect(worstMember(model, [0, 1], 5)).toBeNull()
    const { table } = matrixTable(model, entries, { title: '', notes: [] })
    expect(table.rows[1]?.map(({ text }) => text)).toEqual([
      'Knowledge, worst of 1',
      '',
      'accuracy: 0.400 (0.10 to 0.20) n 48, −0.600 ▽',
    ])
    // Spreadsheets get the members themselves.
    expect(cellsTable(model, entries).rows).toHaveLength(3)
  })
  test('an over-refusal twin stands directly below its safety benchmark, in its group, in every order', () => {
    const rows = [
      benchmark('maths', { category: 'maths' }),
      benchmark('refuses', { category: 'chat', name: 'Refuses' }),
      benchmark('harm', { category: 'safety', name: 'Harm', twin: 'refuses' }),
    ]
    const model = modelOf(page([column('a', [{ row: 1, score: 0.5, change: -0.4, state: 'forgot' }])], rows))
    const of = (more: Partial<Arrangement>) =>
      arrangeRows(model, {
        group: 'none',
        sort: 'benchmark',
        onlyCertain: false,
        open: new Set(),
        folded: new Set(),
        ...more,
      }).entries
    expect(of({}).map((entry) => entry.key)).toEqual(['maths', 'harm', 'refuses'])
    expect(of({ group: 'category' }).map((entry) => entry.key)).toEqual([
      'group maths',
      'maths',
      'group safety',
      'harm',
      'refuses',
    ])
    expect(of({ sort: 'worst' }).map((entry) => entry.key)).toEqual(['maths', 'harm', 'refuses'])
    expect(of({}).at(-1)).toMatchObject({ twinOf: 'Harm' })
  })
  test('the two sides of a task stand together, form first, and by category in the group of the first', () => {
    const rows = [
      benchmark('content', { category: 'knowledge', part: 'content', pair: 'form' }),
      benchmark('maths', { category: 'maths' }),
      benchmark('form', { category: 'format', part: 'form', pair: 'content' }),
    ]
    const model = modelOf(page([column('a', [{ row: 0, score: 0.5, change: -0.4, state: 'forgot' }])], rows))
    const of = (group: Arrangement['group']) =>
      arrangeRows(model, {
        group,
        sort: 'benchmark',
        onlyCertain: false,
        open: new Set(),
        folded: new Set(),
      }).entries.map(({ key }) => key)
    expect(of('none')).toEqual(['form', 'content', 'maths'])
    expect(of('category')).toEqual(['group format', 'form', 'content', 'group maths', 'maths'])
  })
  test('a certain loss comes before a larger one that may be noise', () =>
    expect(keys({ sort: 'worst' })).toEqual(['format', 'accuracy', 'bpb']))
  test('without a certain change are left out and counted', () =>
    expect(arranged({ onlyCertain: true })).toMatchObject({ entries: [{ key: 'format' }], hidden: 2 }))

  test('a slice that lost what the mean hides is shown by itself, others when their row is opened', () => {
    const slices = page(
      [
        column('a', [
          { row: 0, score: 0.5, change: 0, state: 'retained' },
          { row: 1, score: 0.2, change: -0.4, state: 'forgot' },
          { row: 2, score: 0.8, change: 0.4, state: 'improved' },
        ]),
      ],
      [accuracy],
      {
        rows: [
          { benchmark: accuracy, slice: null },
          { benchmark: accuracy, slice: { key: 'part', value: 'hard' } },
          { benchmark: accuracy, slice: { key: 'part', value: 'easy' } },
        ],
      },
    )
    const arrange = (open: string[]) =>
      arrangeRows(modelOf(slices), {
        group: 'none',
        sort: 'benchmark',
        onlyCertain: false,
        open: new Set(open),
        folded: new Set(),
      })
    expect(arrange([]).entries.map((entry) => entry.key)).toEqual(['accuracy', 'accuracy part=hard'])
    expect(arrange(['accuracy']).entries).toHaveLength(3)
  })
})

describe('in words', () => {
  const lost: Cell = { row: 0, score: 0, change: -0.854, state: 'forgot' }
  const kept: Cell = { row: 0, score: 0.833, change: -0.021, state: 'inconclusive' }
  const format = benchmark('format', { name: 'Format' })

  test('a path that lost nothing says so, and what its siblings lost', () => {
    const model = modelOf(page([column('replay', [kept]), column('full', [lost], 'sibling')], [format]))
    expect(retentionSentence(model)).toEqual({
      path: 'No score certainly lost on this path',
      siblings: 'format −0.854 at full',
    })
  })
  test('changes without an interval are counted, not called kept', () => {
    const model = modelOf(
      page([column('a', [{ row: 0, score: 0, change: -0.5, state: 'no_interval', half: null }])], [format]),
    )
    expect(retentionSentence(model).path).toBe('No score certainly lost on this path (1 change has no interval)')
  })
  test('the worst loss is named', () => {
    const model = modelOf(page([column('full', [lost])], [format]))
    expect(evaluationsSentence(model)).toBe(
      '1 checkpoint × 1 benchmark · 1 certainly lost, worst format −0.854 at full',
    )
  })
  test('a cell says all that its colour says', () => {
    const model = modelOf(page([column('full', [{ ...lost, budget: 'fail' }])], [format]))
    const [row, head] = [model.rows[0], model.columns[0]]
    if (!row || !head) throw new Error('one row, one column')
    expect(cellWords(model.cellAt(0, 0), row, head)).toBe(
      'Format at full: 0.000, 95 % 0.10 to 0.20, n 48, −0.854 against base, lost, beyond its budget',
    )
    expect(cellWords(null, row, head)).toBe('Format at full: not measured')
  })
  test.each([
    [[column('a', [])], ''],
    [[null], 'Reading 1 more checkpoint'],
    [[column('a', []), null, null], 'Reading 2 more checkpoints'],
  ])('columns that are still to come are counted in place of an answer', (columns, words) => {
    expect(restWords({ columns: columns as never })).toBe(words)
  })
  test('notes say against what, under which harness, and why there is no interval', () => {
    const model = modelOf(
      page([column('a', [{ row: 0, score: 0, change: 1, state: 'no_interval', half: null, reason: 'x' }])], [format], {
        reasons: ['no items'],
      }),
    )
    const notes = matrixNotes(model, "each stage's parent").join(' ')
    expect(notes).toContain("against each stage's parent")
    expect(notes).toContain('No interval: no items.')
    expect(notes).toContain('Harness: h 2')
  })
})

test('Markdown keeps scores, intervals, changes and marks, and parses to the same cells', () => {
  const model = modelOf(
    page([column('full', [{ row: 0, score: 0, change: -0.854, state: 'forgot', budget: 'fail' }])], [accuracy, bpb]),
  )
  const { entries } = arrangeRows(model, {
    group: 'none',
    sort: 'benchmark',
    onlyCertain: false,
    open: new Set(),
    folded: new Set(),
  })
  const table = matrixTable(model, entries, { title: 'Retention', notes: ['n'] })
  expect(table.table.rows.map((row) => row.map((c) => c.text))).toEqual([
    ['accuracy ↑', '48', '0.000 (0.10 to 0.20), −0.854 ▼ over budget'],
    ['bpb ↓', '', '·'],
  ])
  expect(parseMarkdownTable(markdownText(table))?.rows.map((row) => row.map((c) => c.text))).toEqual(
    table.table.rows.map((row) => row.map((c) => c.text)),
  )
  const [cell] = cellsTable(model, entries).rows
  expect(cell?.map((c) => c.text).slice(0, 5)).toEqual(['full', 'id-full', '9', '', 'accuracy'])
})

test('as Markdown it keeps intervals and marks, and tells baseline, n and protocols below', () => {
  const model = modelOf(
    page(
      [
        column('full', [
          { row: 0, score: 0, change: -0.854, state: 'forgot' },
          { row: 1, score: 0.4, change: 0.01, state: 'inconclusive' },
        ]),
      ],
      [accuracy, benchmark('pop_qa'), bpb],
    ),
  )
  const { entries } = arrangeRows(model, {
    group: 'none',
    sort: 'benchmark',
    onlyCertain: false,
    open: new Set(),
    folded: new Set(),
  })
  const notes = matrixNotes(model, "each stage's parent")
  const text = markdownText(matrixTable(model, entries, { title: 'Retention', notes }))
  expect(text).toMatch(/^\*\*Retention\*\*\n\n\| Benchmark \| n \| full \(vs /)
  expect(text).toContain('| accuracy ↑ | 48 | 0.000 (0.10 to 0.20), −0.854 ▼ |')
  expect(text).toContain('| pop\\_qa ↑ | 48 | 0.400 (0.10 to 0.20), +0.010 △ |')
  expect(text).toContain("against each stage's parent")
  expect(text).toContain('95 % interval of the score')
  expect(text).toMatch(/Protocols\. accuracy, pop\\_qa: /)
  expect(text).toContain('· not measured.')
})

describe('places', () => {
  test('siblings stand apart and a stage without a checkpoint is narrow', () => {
    const planned = { ...column('b', []), checkpoint: null }
    const model = modelOf(page([column('a', []), planned, column('c', [], 'sibling')], [accuracy]))
    expect(columnLefts(model, SIZES.changes.wide)).toEqual([0, 86, 86 + 62 + 16, 86 + 62 + 16 + 86])
  })
  test('what is in sight is found with some around it', () => {
    const starts = Array.from({ length: 100 }, (_, i) => i * 10)
    expect(inSight(starts, 1000, 500, 100)).toEqual([47, 63])
    expect(inSight(starts, 1000, 0, 5000)).toEqual([0, 99])
    expect(inSight(starts, 1000, 500, 100, 0)).toEqual([50, 60])
  })
})

describe('a path', () => {
  const stage = (number: number, parent: number | null, measured = true) => ({
    number,
    name: `s${number}`,
    stage_kind: 'task' as const,
    parent,
    measured,
  })
  const stages = [stage(1, null), stage(2, 1), stage(3, 1), stage(4, 3), stage(5, 3, false), stage(6, 4)]
  test('leads from the root to the leaf', () => expect(stagesTo(6, stages).map((s) => s.number)).toEqual([1, 3, 4, 6]))
  test('forks where a stop has siblings', () => expect(forksOf(6, stages).map((s) => s.number)).toEqual([3, 4]))
  test('goes on along what was measured when another branch is chosen', () => {
    expect(leafBelow(3, stages)).toBe(6)
    expect(leafBelow(2, stages)).toBe(2)
  })
})

test('the name of a cell in an address is read back, also with a variant in it', () => {
  expect(readCellName(cellName('uid', '', 'mmlu'))).toEqual({ checkpoint: 'uid', variant: '', benchmark: 'mmlu' })
  expect(readCellName(cellName('uid', 'best~prompt', 'mmlu'))).toMatchObject({ variant: 'best~prompt' })
  expect(readCellName('broken')).toBeNull()
  expect(readCellName(null)).toBeNull()
})
