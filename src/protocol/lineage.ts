/** What the lineage screen and the stage page show. */
import * as z from 'zod'
import { BASELINES } from '../core/evaluations/baselines.ts'
import { STAGE_KINDS } from '../core/experiments/stage-kinds.ts'
import { BUDGET_VERDICTS } from '../core/forgetting/budget.ts'
import { RUN_STATES } from '../core/runs/states.ts'
import { Checkpoint } from './checkpoints.ts'
import { CostTotal } from './cost-parts.ts'
import { Change, Evaluation } from './evaluations.ts'
import { Edge, EXPERIMENT_STATES, Experiment, ExperimentRef, Plan, Root } from './experiments.ts'
import { StageVerdict } from './forgetting.ts'
import { PriceUse } from './prices.ts'
import { Run } from './runs.ts'
import { Count, Instant, Slug, Uid } from './words.ts'

/** One card of the lineage: a stage with state, what it consumed, its headline changes against the parent and its loss line. */
export const StageCard = z
  .object({
    project: Slug,
    number: z.number().int(),
    slug: z.string(),
    name: z.string(),
    stage_kind: z.enum(STAGE_KINDS),
    method: z.string().nullable(),
    root: Root.nullable(),
    params: Count.nullable(),
    is_unstaged: z.boolean(),
    state: z.enum(EXPERIMENT_STATES),
    state_detail: z.string().nullable().meta({ description: 'why it waits, how it failed, what it does now' }),
    runs: z.number().int(),
    run_states: z.partialRecord(z.enum(RUN_STATES), z.number().int()),
    progress: z
      .object({
        step: Count,
        total_steps: Count.nullable(),
        tokens_per_s: z.number().nullable(),
        seconds_left: z.number().nullable(),
      })
      .nullable(),
    steps: Count.nullable(),
    tokens: Count.nullable().meta({ description: 'consumed by this stage alone' }),
    tokens_total: Count.nullable().meta({ description: 'running total along the weight path' }),
    wall_s: z.number().nullable(),
    device_hours: z.number().nullable(),
    device_kind: z.enum(['gpu', 'cpu']).nullable(),
    plan: Plan.nullable(),
    checkpoint: z.object({ id: Uid, step: Count, why: z.enum(['pinned', 'children', 'last']) }).nullable(),
    checkpoints: z.number().int(),
    evaluations: z.number().int(),
    /** Absolute scores of a root, by benchmark, the headline ones first. */
    scores: z.array(Evaluation),
    /** Largest certain gain of a target, or the largest gain; null when nothing can be compared. */
    target: Change.nullable(),
    /** Worst change of what should be kept. */
    worst: Change.nullable(),
    over_budget: z.number().int().meta({ description: 'benchmarks that certainly lost more than they may' }),
    /** Of the stage against its parent: `fail` also when the mean of what it keeps fell too far. Null: nothing to judge. */
    budget: z.enum(BUDGET_VERDICTS).nullable(),
    /** The loss that the card draws: at most 120 points, y the mean per bucket; last is its smoothed end. */
    loss: z
      .object({
        key: z.string(),
        run: z.number().int(),
        x: z.array(z.number()),
        y: z.array(z.number().nullable()),
        last: z.number().nullable(),
      })
      .nullable(),
    started_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    url: z.string(),
  })
  .meta({ id: 'StageCard' })
export type StageCard = z.infer<typeof StageCard>

export const Lineage = z
  .object({
    project: z.object({ slug: Slug, name: z.string(), description: z.string(), recorded: z.boolean() }),
    cards: z.array(StageCard),
    edges: z.array(Edge),
    totals: z.object({
      stages: z.number().int(),
      left_out: z
        .number()
        .int()
        .meta({ description: 'stages of higher numbers that are not among the cards; all totals are of the cards' }),
      planned: z.number().int(),
      running: z.number().int(),
      over_budget: z.number().int(),
      wall_s: z.number(),
      device_hours: z.number(),
      tokens: Count,
    }),
    last_write_at: Instant.nullable(),
  })
  .meta({ id: 'Lineage' })
export type Lineage = z.infer<typeof Lineage>

/** What 1,000 units of a currency bought of the target, in its unit; null with the reason. */
export const GainPerMoney = z.object({
  currency: z.string().nullable(),
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  reason: z.string().nullable(),
})
export type GainPerMoney = z.infer<typeof GainPerMoney>

/** The stage page. */
export const StagePage = z
  .object({
    card: StageCard,
    experiment: Experiment,
    parents: z.array(Edge),
    children: z.array(Edge),
    siblings: z.array(ExperimentRef),
    runs: z.array(
      Run.extend({
        wall_s: z.number().nullable(),
        tokens_per_s: z.number().nullable(),
        last_loss: z.number().nullable(),
        loss_key: z.string().nullable(),
      }),
    ),
    checkpoints: z.array(Checkpoint),
    baseline: z
      .object({ kind: z.enum(BASELINES), experiment: ExperimentRef, checkpoint: z.object({ id: Uid, step: Count }) })
      .nullable(),
    /** Evaluations of the stage's checkpoint against the baseline: targets first, then worst first. */
    changes: z.array(Change),
    /** Against both baselines, with what is missing and what the stage may lose. */
    forgetting: StageVerdict,
    /** Money of the stage alone: all of its runs and what was entered, with the prices behind it. */
    cost: z.object({ total: CostTotal, sources: z.array(PriceUse) }),
    /** Against the parent, one entry a currency. */
    gain_per_thousand: z.array(GainPerMoney),
    /** The same prompt before and after, from items that both checkpoints answered; changed verdicts first. */
    samples: z.array(
      z.object({
        benchmark: z.string(),
        item: z.string(),
        prompt: z.string(),
        expected: z.string().nullable(),
        before: z.object({ output: z.string(), score: z.number().nullable() }),
        after: z.object({ output: z.string(), score: z.number().nullable() }),
      }),
    ),
    flips: z.array(
      z.object({
        benchmark: z.string(),
        lost: z.number().int(),
        gained: z.number().int(),
        kept_right: z.number().int(),
        kept_wrong: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'StagePage' })
export type StagePage = z.infer<typeof StagePage>
