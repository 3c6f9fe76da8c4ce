import { describe, expect, test } from 'vitest'
import { PATH_AXES } from '#src/core/lineage/path-axes.ts'
import type { CapabilityStage } from '#src/protocol/capability.ts'
import type { ChartData, ChartLine } from '#src/protocol/chart-body.ts'
import type { StageBand } from './capability-axes.ts'
import { linesOf, readLines, stepsOfCounter } from './stage-lines.ts'

const span = { from: 1_000, to: 2_000 }

/** A stage that begins behind 1,000 tokens and 10 steps, and counts its own from 0. */
const card: CapabilityStage = {
  experiment: { project: 'p', number: 2, slug: 'sft', name: 'sft', stage_kind: 'instruction' },
  method: null,
  state: 'finished',
  axes: Object.fromEntries(PATH_AXES.map((axis) => [axis, { span, why: null }])) as CapabilityStage['axes'],
  step_offset: 10,
  run: 1,
  loss: 'loss',
  learning_rate: 'lr',
  token_counter: 'tokens',
  loss_mask: null,
  objective: null,
  tokenizer: null,
  sources: [],
  targets: [],
  loss_breaks: [],
}
const band: StageBand = {
  card,
  stage: 1,
  span,
  isCut: { from: false, to: false },
  x: 0,
  width: 100,
  from: 0,
  to: 1_000,
}

const line = (metric: string, x: number[], y: number[], more: Partial<ChartLine> = {}): ChartLine => ({
  run: 1,
  run_uid: 'u',
  metric,
  attempt: null,
  superseded: false,
  exact: true,
  n: x.length,
  n_total: x.length,
  shown: x.length,
  x: Float64Array.from(x),
  y: Float64Array.from(y),
  base: 0,
  non_finite: [],
  non_finite_n: 0,
  last_step: null,
  last_t: null,
  ...more,
})

const chart = (series: ChartLine[], attempts: ChartData['attempts'] = []): ChartData => ({
  x: 'lineage_tokens',
  from: null,
  to: null,
  px: 100,
  attempts,
  series,
  grid: null,
  groups: [],
  last_write: null,
})

const own = [250, 500, 750, 1_000]
const seen = own.map((tokens) => 1_000 + tokens)
const overTokens = (attempts?: ChartData['attempts'], more: Partial<ChartLine> = {}) =>
  chart(
    [line('loss', seen, [4, 3, 2, 1], more), line('lr', seen, [0.4, 0.3, 0.2, 0.1]), line('tokens', seen, own)],
    attempts,
  )
const counter = stepsOfCounter(chart([line('tokens', [0, 1, 2, 3], own)]))
const same = (x: number) => x

describe('a point of the loss', () => {
  test('says its step, the tokens of the path, loss and learning rate', () =>
    expect(readLines(linesOf(band, 'tokens', same, overTokens(), counter), 1_520)).toEqual({
      index: 1,
      x: 1_500,
      loss: 3,
      rate: 0.3,
      step: 1,
      tokens: 1_500,
    }))
  test('over hours finds tokens and step by the counter of the run', () => {
    const hours = [1, 2, 3, 4]
    const overHours = chart([line('loss', hours, [4, 3, 2, 1]), line('tokens', hours, own)])
    expect(readLines(linesOf(band, 'device_hours', same, overHours, counter), 3.1)).toMatchObject({
      loss: 2,
      rate: null,
      step: 2,
      tokens: 1_750,
    })
  })
  test('over steps needs no counter: the steps of the stages before are taken away', () => {
    const steps = chart([line('loss', [0, 1, 2, 3], [4, 3, 2, 1])])
    const found = readLines(
      linesOf(band, 'steps', (x) => x + 10, steps, null),
      12,
    )
    expect(found).toMatchObject({ step: 2, tokens: null, loss: 2 })
  })
  test('of a counter that goes on from the stage before holds those tokens already', () => {
    const going = chart([line('loss', seen, [4, 3, 2, 1]), line('tokens', seen, seen)])
    const goingCounter = stepsOfCounter(chart([line('tokens', [0, 1, 2, 3], seen)]))
    const lines = linesOf(band, 'device_hours', same, going, goingCounter)
    expect(lines.at(1_750)).toEqual({ step: 2, tokens: 1_750 })
  })
})

describe('what happened in a run', () => {
  const second = { run: 1, attempt: 2, first_step: 2 }
  const first = { run: 1, attempt: 1, first_step: 0, x: 0 }
  test('a restart lies where the chart says it, or where the counter of tokens finds its step', () => {
    const at = (x: number | null) =>
      linesOf(band, 'tokens', same, overTokens([first, { ...second, x }]), counter).incidents
    const restart = { kind: 'restart', words: 'Attempt 2 began at step 2' }
    expect(at(1_700)).toEqual([{ ...restart, x: 1_700 }])
    expect(at(null)).toEqual([{ ...restart, x: 1_750 }])
    expect(linesOf(band, 'tokens', same, overTokens([{ ...second, x: null }]), null).incidents).toEqual([])
  })
  test('a loss that is no number is a mark at its place', () =>
    expect(
      linesOf(band, 'tokens', same, overTokens([], { non_finite: [{ x: 1_600, value: 'NaN' }] }), counter).incidents,
    ).toEqual([{ x: 1_600, words: 'The loss is NaN here', kind: 'not_finite' }]))
  test('points that a later attempt replaced are lines of their own', () => {
    const replaced = line('loss', [1_600], [9], { superseded: true, attempt: 1 })
    const lines = linesOf(band, 'tokens', same, chart([...overTokens().series, replaced]), counter)
    expect(lines.superseded.map(({ y }) => [...y])).toEqual([[9]])
    expect([...(lines.loss?.y ?? [])]).toEqual([4, 3, 2, 1])
  })
})
