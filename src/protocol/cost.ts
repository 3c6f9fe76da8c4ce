/** Cost on the wire: runs, stages, lineages, projects. Amounts are decimal strings with a currency; what is not known is said, never 0. */
import * as z from 'zod'
import { SEGMENT_KINDS } from '../core/cost/work.ts'
import { EDGE_KINDS } from '../core/lineage/edge-kinds.ts'
import { CostHours, CostPiece, CostSegment, CostTotal } from './cost-parts.ts'
import { Carbon, Embodied, Energy, Mfu, StageFlops } from './cost-physics.ts'
import { ExperimentRef, Plan } from './experiments.ts'
import { BookName, Currency } from './money-words.ts'
import { PriceUse, Rate } from './prices.ts'
import { Count, Instant, Slug } from './words.ts'

/** One bar: a stage with its segments, root first in a lineage. */
export const StageCost = z
  .object({
    experiment: ExperimentRef,
    /** `base`: from outside, no money. */
    role: z.enum(['base', 'stage']),
    /** Stands in no total of the leaf: nothing that is kept descends from it, or it is another branch. */
    place: z.enum(['inside', 'abandoned', 'elsewhere']),
    parents: z.array(z.object({ experiment: ExperimentRef, kind: z.enum(EDGE_KINDS) })),
    /** Compared leaves that use it; more than one: shared. */
    used_by: z.array(ExperimentRef),
    /** Segments inside the totals: work, idle, rolled back, duplicates, entries. */
    segments: z.array(CostSegment),
    /** Other work of the stage: evaluations, failed and other runs, later steps. */
    beside: z.array(CostSegment),
    /** Of `segments`, whole. */
    total: CostTotal,
    /** What of it stands in the chosen view: all, nothing when it is shared (marginal), or an equal share (allocated). */
    in_view: CostTotal,
    beside_total: CostTotal,
    plan: Plan.nullable(),
    tokens: Count.nullable(),
    per_million_tokens: z.array(z.object({ currency: Currency, amount: z.string() })),
    wall_s: z.number().nullable().meta({ description: 'time in attempts' }),
    down_s: z.number().nullable().meta({ description: 'time between attempts, nothing held' }),
    started_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    energy: Energy,
    carbon: Carbon,
    flops: StageFlops,
    mfu: Mfu,
    embodied: Embodied.nullable(),
  })
  .meta({ id: 'StageCost' })
export type StageCost = z.infer<typeof StageCost>

/** One stage alone, with the prices it was reckoned with. */
export const StageCostAlone = StageCost.extend({
  sources: z.array(PriceUse),
  rates: z.array(Rate),
  excludes: z.array(z.string()),
  warnings: z.array(z.string()),
}).meta({ id: 'StageCostAlone' })
export type StageCostAlone = z.infer<typeof StageCostAlone>

export const COST_VIEWS = ['full', 'marginal', 'allocated'] as const

/** What both lineage and project carry beside their bars. */
const CostHead = z.object({
  project: z.object({ slug: Slug, name: z.string() }),
  book: Slug,
  /** Records later than this were left out; null: none. */
  as_of: Instant.nullable(),
  /** Totals are in this currency where a rate is known; null: each in its own. */
  currency: Currency.nullable(),
  sources: z.array(PriceUse),
  rates: z.array(Rate),
  /** What no total holds, in words. */
  excludes: z.array(z.string()),
  /** Allocations of one device that overlap, and the like, in words. */
  warnings: z.array(z.string()),
  by_device: z.array(CostHours.extend({ total: CostTotal })),
  /** Stages that can be looked at as a leaf: nobody went on from them; the first is the default. */
  leaves: z.array(ExperimentRef),
  hours: z.array(CostHours),
  /** Held hardware inside the totals and beside them, ascending by time; the first 5,000. */
  pieces: z.array(CostPiece),
  pieces_total: z.number().int(),
})

export const LineageCost = CostHead.extend({
  leaf: ExperimentRef,
  view: z.enum(COST_VIEWS),
  /** The leaf first. */
  compared: z.array(ExperimentRef),
  stages: z.array(StageCost),
  abandoned: z.array(StageCost),
  totals: z.object({
    /** The leaf in the chosen view. */
    view: CostTotal,
    full: CostTotal,
    marginal: CostTotal,
    allocated: CostTotal,
    /** All compared leaves, shared ancestors once; and their sum, which counts them again and again. */
    union: CostTotal,
    naive_sum: CostTotal,
    other_work: CostTotal,
    abandoned: CostTotal,
  }),
}).meta({ id: 'LineageCost' })
export type LineageCost = z.infer<typeof LineageCost>

export const ProjectCost = CostHead.extend({
  stages: z.array(StageCost),
  totals: z.object({
    all: CostTotal,
    /** By kind of segment, of all stages. */
    by_kind: z.partialRecord(z.enum(SEGMENT_KINDS), CostTotal),
    abandoned: CostTotal,
  }),
  /** Attempts of training that something from outside ended (killed, preempted, lost), and the hours of all attempts of training. */
  interruptions: z.object({ events: Count, hours: z.number() }),
  /** Each stage as a leaf: the cost of its whole lineage, shared ancestors once. */
  at_stage: z.array(
    z.object({
      experiment: ExperimentRef,
      total: CostTotal,
      hours: z.array(CostHours),
      wh: z.number().nullable(),
      tokens: Count.nullable().meta({ description: 'trained in this stage' }),
    }),
  ),
}).meta({ id: 'ProjectCost' })
export type ProjectCost = z.infer<typeof ProjectCost>

/** Planned against actual, stage by stage. */
export const PlanCost = z
  .object({
    stages: z.array(
      z.object({
        experiment: ExperimentRef,
        planned: z.object({
          money: z.object({ amount: z.string(), currency: Currency }).nullable(),
          device_hours: z.number().nullable(),
          tokens: Count.nullable(),
        }),
        actual: z.object({ total: CostTotal, device_hours: z.number().nullable(), tokens: Count.nullable() }),
        /** Actual − planned in the plan's currency; null with the reason. */
        over: z.object({ amount: z.string(), currency: Currency }).nullable(),
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'PlanCost' })
export type PlanCost = z.infer<typeof PlanCost>

/** Who used a stage, and what it cost each of them. */
export const BaseUse = z
  .object({
    base: ExperimentRef,
    /** The full cost of its lineage. */
    total: CostTotal,
    embodied: Embodied.nullable(),
    children: z.array(
      z.object({ experiment: ExperimentRef, kind: z.string(), is_direct: z.boolean(), is_abandoned: z.boolean() }),
    ),
    per_child: z.array(z.object({ currency: Currency, amount: z.string() })),
    /** Spread over the tokens that the caller expects to be served, per million; empty when none were named. */
    per_million_served: z.array(z.object({ currency: Currency, amount: z.string() })),
  })
  .meta({ id: 'BaseUse' })
export type BaseUse = z.infer<typeof BaseUse>

export const CostAsk = z.object({
  book: BookName,
  currency: Currency.optional(),
  as_of: Instant.optional(),
  people: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
    .default(false)
    .meta({ type: 'boolean', description: 'count the time of people' }),
  grid: z
    .string()
    .length(3)
    .optional()
    .meta({ description: 'ISO 3166 alpha-3 of the grid, for carbon', example: 'SWE' }),
  pue: z.coerce.number().min(1).max(5).default(1).meta({ description: 'power usage effectiveness of the facility' }),
})
export type CostAsk = z.infer<typeof CostAsk>

export const ProjectCostQuery = CostAsk

export const LineageCostQuery = CostAsk.extend({
  view: z.enum(COST_VIEWS).default('full'),
  compare: z
    .union([
      z
        .string()
        .max(2000)
        .transform((list) => list.split(',').filter(Boolean)),
      z.array(z.string().max(64)),
    ])
    .default([])
    .meta({ type: 'string', description: 'other leaves, by slug or number, with commas between' }),
})

export const RunCostQuery = CostAsk

export const BaseUseQuery = CostAsk.extend({ served_tokens: z.coerce.number().positive().optional() })

/** The cost of one run: all its attempts. */
export const RunCost = z
  .object({
    run: z.number().int(),
    segments: z.array(CostSegment),
    total: CostTotal,
    hours: z.array(CostHours),
    energy: Energy,
    carbon: Carbon,
    mfu: Mfu,
    sources: z.array(PriceUse),
    warnings: z.array(z.string()),
    pieces: z.array(CostPiece),
  })
  .meta({ id: 'RunCost' })
export type RunCost = z.infer<typeof RunCost>
