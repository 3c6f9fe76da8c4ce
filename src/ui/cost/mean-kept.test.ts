import { describe, expect, test } from 'vitest'
import type { Bought, BoughtCell, BoughtStage } from '#src/protocol/bought.ts'
import { meanKept } from './mean-kept.ts'

const benchmark = (slug: string, category: string): Bought['benchmarks'][number] => ({
  slug,
  name: slug,
  category,
  kind: 'accuracy',
  higher_is_better: true,
  chance: 0,
  best: 1,
  unit: null,
  use: null,
  margin: null,
  twin: null,
  is_target: slug === 'task',
})
const cell = (score: number, fingerprint = 'f', se: number | null = 0.1): BoughtCell => ({
  score,
  low: null,
  high: null,
  n: 100,
  fingerprint,
  normal: { score, se },
  change: null,
})
const stage = (number: number, cells: (BoughtCell | null)[], targets: string[] = []): BoughtStage => ({
  experiment: { project: 'p', number, slug: `s${number}`, name: `s${number}`, stage_kind: 'task' },
  state: 'finished',
  method: null,
  adapter: null,
  parent: null,
  tokens: null,
  replay: null,
  targets,
  points: [{ checkpoint: { id: '00000000-0000-7000-8000-000000000000', step: 1 }, of_stage: true, cells }],
})
const benchmarks = [
  benchmark('task', 'task'),
  benchmark('task-f1', 'task'),
  benchmark('facts', 'knowledge'),
  benchmark('capitals', 'knowledge'),
  benchmark('format', 'instruction'),
  benchmark('refusal', 'safety'),
]
const of = (...stages: BoughtStage[]): Bought => ({ benchmarks, stages })

describe('the mean over what should be kept', () => {
  const base = stage(1, [cell(0.1), cell(0.1), cell(0.2), cell(0.4), cell(0.9), cell(1)])
  const full = stage(2, [cell(0.8), cell(0.8), cell(0.1), cell(0.1), cell(0.1), cell(1)], ['task', 'task-f1'])

  test('leaves out what stages of the target aim at, and safety; categories count alike', () => {
    const mean = meanKept(of(base, full), 0)
    expect(mean.set.map((column) => benchmarks[column]?.slug)).toEqual(['facts', 'capitals', 'format'])
    expect(mean.hidden).toBeNull()
    expect(mean.of(base)).toMatchObject({ value: expect.closeTo(0.6, 12) })
    expect(mean.of(full)).toMatchObject({ value: expect.closeTo(0.1, 12) })
  })
  test('a stage that covers less than 0.8 of the set is left out by its count, the others stay', () => {
    const half = stage(3, [cell(0.5), null, cell(0.5), null, null, null])
    const mean = meanKept(of(base, full, half), 0)
    expect(mean.of(half)).toBe('1 of 3 kept benchmarks measured')
    expect(mean.used).toHaveLength(3)
  })
  test('a benchmark under two protocols does not count; too few of the set hide the mean', () => {
    const other = stage(
      2,
      [cell(0.8), cell(0.8), cell(0.1, 'other'), cell(0.1), cell(0.1), cell(1)],
      ['task', 'task-f1'],
    )
    const mean = meanKept(of(base, other), 0)
    expect(mean.differing).toEqual(['facts'])
    expect(mean.of(base)).toBe('only 2 of 3 kept benchmarks are shared by all stages under one protocol')
  })
  test('without a benchmark that has chance and best nothing is told', () =>
    expect(meanKept(of(stage(1, [cell(0.1), null, null, null, null, null])), 0).hidden).toMatch(/no benchmark/))
})
