import { describe, expect, test } from 'vitest'
import type { Bought, BoughtStage } from '#src/protocol/bought.ts'
import { prepareReplay, replayJoins, replayTable } from './prepare-replay.ts'

/** Target accuracy and general loss of each stage. */
const ASK = { target: 0, kept: 1 }

describe('what replay kept', () => {
  const lifecycle = bought([
    stage(1, 'base', 'pretrain', null, 0, [0.2, 2]),
    stage(2, 'task', 'task', 1, 0, [0.9, 3.5]),
    stage(3, 'task-replay', 'task', 1, 0.2, [0.88, 2.25]),
    stage(4, 'task-lora', 'task', 1, 0, [0.7, 2.5], 'lora'),
    stage(5, 'planned', 'task', 1, 0.5, null),
  ])
  test('is told against the stage without, and what the target paid for it', () => {
    expect(prepareReplay(lifecycle, ASK)).toMatchObject([
      {
        lacks: null,
        points: [
          { share: 0, drift: 1.5, removed: null, targetCost: null },
          { share: 0.2, drift: 0.25, removed: 1.25, targetCost: expect.closeTo(0.02) },
        ],
      },
    ])
  })
  test('is drawn from share to share, not along the lineage', () =>
    expect(replayJoins(prepareReplay(lifecycle, ASK))).toEqual([[2, 3]]))
  test('as a table says every number, and what was not compared', () =>
    expect(rowsOf(lifecycle)).toEqual([
      ['task', '0 %', '3.500', '+1.500', '–', '0.900', '–'],
      ['task-replay', '20 %', '2.250', '+0.250', '+1.250', '0.880', '+0.020'],
    ]))
})

test('stages of two lines compare where they stand as far from the root; each drifts from its own start', () => {
  const lines = bought([
    stage(1, 'base', 'pretrain', null, null, [0.2, 2]),
    stage(2, 'cpt', 'continued_pretrain', 1, 0, [0.2, 3]),
    stage(3, 'cpt-replay', 'continued_pretrain', 1, 0.25, [0.2, 2.5]),
    stage(4, 'sft', 'instruction', 2, 0, [0.6, 3.25]),
    stage(5, 'sft-replay', 'instruction', 3, 0.28, [0.6, 2.5]),
  ])
  expect(prepareReplay(lines, ASK).map(({ points }) => points.map((p) => [p.stage.experiment.name, p.drift]))).toEqual([
    [
      ['cpt', 1],
      ['cpt-replay', 0.5],
    ],
    [
      ['sft', 0.25],
      ['sft-replay', 0],
    ],
  ])
})

test('without a stage that has no replay, or with two, nothing is said against none', () => {
  const none = [stage(1, 'base', 'pretrain', null, 0, [0.2, 2]), stage(2, 'a', 'task', 1, 0.1, [0.9, 2.5])]
  expect(rowsOf(bought([...none, stage(3, 'b', 'task', 1, 0.3, [0.8, 2.25])]))[1]?.slice(3)).toEqual([
    '+0.250',
    'no stage without replay to compare with',
    '0.800',
    'no stage without replay to compare with',
  ])
  const two = [stage(3, 'c', 'task', 1, 0, [0.9, 3]), stage(4, 'd', 'task', 1, 0, [0.8, 3])]
  expect(prepareReplay(bought([...none, ...two]), ASK)[0]?.lacks).toBe('c and d are both without replay')
})

test('one share is no trade-off, and a start under another protocol is no start', () => {
  const base = stage(1, 'base', 'pretrain', null, 0, [0.2, 2])
  const [a, b] = [stage(2, 'a', 'task', 1, 0, [0.9, 3]), stage(3, 'b', 'task', 1, 0.2, [0.9, 2.5])]
  expect(prepareReplay(bought([base, a]), ASK)).toEqual([])
  for (const cell of base.points[0]?.cells ?? []) if (cell) cell.fingerprint = 'other'
  expect(rowsOf(bought([base, a, b])).map((row) => row[3])).toEqual(['start not measured', 'start not measured'])
})

function rowsOf(of: Bought): string[][] {
  return replayTable(of, ASK, prepareReplay(of, ASK)).table.rows.map((row) => row.map(({ text }) => text))
}

function bought(stages: BoughtStage[]): Bought {
  const benchmark = (slug: string, kind: 'accuracy' | 'loss') => ({
    slug,
    name: slug,
    category: '',
    kind,
    higher_is_better: kind === 'accuracy',
    chance: null,
    best: null,
    unit: null,
    use: null,
    margin: null,
    twin: null,
    is_target: kind === 'accuracy',
  })
  return { benchmarks: [benchmark('task-accuracy', 'accuracy'), benchmark('general', 'loss')], stages }
}

function stage(
  number: number,
  name: string,
  kind: BoughtStage['experiment']['stage_kind'],
  parent: number | null,
  replay: number | null,
  scores: number[] | null,
  adapter: string | null = null,
): BoughtStage {
  const cells = (scores ?? []).map((score) => ({
    score,
    low: null,
    high: null,
    n: 100,
    fingerprint: 'p',
    normal: null,
    change: null,
  }))
  return {
    experiment: { project: 'p', number, slug: name, name, stage_kind: kind },
    state: scores ? 'finished' : 'planned',
    method: null,
    adapter,
    parent,
    tokens: null,
    replay,
    targets: [],
    points: scores ? [{ checkpoint: { id: `c${number}`, step: 1 }, of_stage: true, cells }] : [],
  }
}
