/** Cost on the wire: money, device-hours, the price book. Amounts are decimal strings with a currency; what is not known is said, never 0. */
import * as z from 'zod'
import { ENTRY_KINDS } from '../core/cost/cost-entries.ts'
import { SEGMENT_KINDS } from '../core/cost/work.ts'
import { EDGE_KINDS } from '../core/lineage/edge-kinds.ts'
import { ExperimentRef, Plan } from './experiments.ts'
import { Count, ExperimentName, Instant, Name, Slug, Uid } from './words.ts'

const DecimalText = z
  .union([z.string().max(40), z.number()])
  .transform(String)
  .meta({ type: 'string', description: 'A decimal, such as "2.95"' })

const Currency = z.string().min(1).max(8).meta({ description: 'ISO 4217', example: 'USD' })
const Day = z.string().max(10).meta({ format: 'date', example: '2026-11-09' })
const Word = z.string().max(100)

/** One price per device-hour with where it comes from. */
export const Price = z
  .object({
    device: Word,
    provider: Word.nullable(),
    region: Word.nullable(),
    commitment: Word.nullable().meta({ description: 'on-demand, spot, reserved-1y …; null: any' }),
    currency: Currency,
    low: z.string().nullable(),
    typical: z.string().nullable(),
    high: z.string().nullable(),
    paid: z.string().nullable().meta({ description: 'what is really paid; goes before typical' }),
    assumed: z.boolean(),
    source: z.string(),
    priced_on: Day.nullable(),
    valid_from: Day.nullable(),
    valid_to: Day.nullable().meta({ description: 'the first day on which it no longer holds' }),
    origin: z.enum(['built_in', 'workspace']),
  })
  .meta({ id: 'Price' })
export type Price = z.infer<typeof Price>

export const PriceInput = z
  .object({
    device: Word,
    provider: Word.nullish(),
    region: Word.nullish(),
    commitment: Word.nullish(),
    currency: Currency,
    low: DecimalText.nullish(),
    typical: DecimalText.nullish(),
    high: DecimalText.nullish(),
    paid: DecimalText.nullish(),
    assumed: z.boolean().default(false),
    source: z.string().max(1000),
    priced_on: Day.nullish(),
    valid_from: Day.nullish(),
    valid_to: Day.nullish(),
  })
  .meta({ id: 'PriceInput' })
export type PriceInput = z.infer<typeof PriceInput>

/** A rate between two currencies: one `from` is worth `rate` of `to`. */
export const Rate = z
  .object({ from: Currency, to: Currency, rate: z.string(), on: Day, source: z.string() })
  .meta({ id: 'Rate' })
export type Rate = z.infer<typeof Rate>

export const RateInput = z
  .object({ from: Currency, to: Currency, rate: DecimalText, on: Day, source: z.string().max(1000) })
  .meta({ id: 'RateInput' })
export type RateInput = z.infer<typeof RateInput>

const BookName = Slug.default('default').meta({ description: 'A workspace may keep several books' })

export const PriceBook = z
  .object({
    book: Slug,
    /** All books of the workspace. */
    books: z.array(Slug),
    prices: z.array(Price.extend({ id: Uid.nullable(), recorded_at: Instant.nullable(), in_use: z.boolean() })),
    rates: z.array(Rate.extend({ id: Uid, recorded_at: Instant })),
    may_write: z.boolean(),
  })
  .meta({ id: 'PriceBook' })
export type PriceBook = z.infer<typeof PriceBook>

/** The file form of a book: the same for export and import. */
export const PriceBookFile = z
  .object({
    format: z.literal('descent-price-book'),
    version: z.literal(1),
    prices: z.array(PriceInput.extend({ origin: z.enum(['built_in', 'workspace']).default('workspace') })).max(20_000),
    rates: z.array(RateInput).max(20_000).default([]),
  })
  .meta({ id: 'PriceBookFile' })
export type PriceBookFile = z.infer<typeof PriceBookFile>

export const BookQuery = z.object({ book: BookName })
export const BookAdd = z.object({
  book: BookName,
  prices: z.array(PriceInput).max(1000).default([]),
  rates: z.array(RateInput).max(1000).default([]),
})
export const BookExportQuery = z.object({ book: BookName, format: z.enum(['json', 'csv']).default('json') })
export const BookImported = z.object({
  prices_added: Count,
  rates_added: Count,
  unchanged: Count.meta({ description: 'records that were there already' }),
})
export type BookImported = z.infer<typeof BookImported>

/** A sum of money in one currency, with its span over low and high prices. */
export const CostAmount = z.object({ currency: Currency, amount: z.string(), low: z.string(), high: z.string() })

export const CostLack = z.object({
  why: z.enum(['no_price', 'no_hardware', 'no_rate', 'not_published']),
  run: z.object({ project: Slug, number: z.number().int() }).nullable(),
  what: z.string().meta({ description: 'the device without a price, or the currencies without a rate' }),
  on: Day.nullable(),
})

/** Money by currency and what it lacks; no amounts and no lacks: nothing was spent. */
export const CostTotal = z
  .object({
    amounts: z.array(CostAmount),
    lacks: z.array(CostLack),
    runs_lacking: z.number().int(),
    assumed: z.boolean().meta({ description: 'some of it comes from an assumed price' }),
  })
  .meta({ id: 'CostTotal' })
export type CostTotal = z.infer<typeof CostTotal>

/** Device-hours of one kind: allocated, and of these used, as far as utilisation was sampled. */
export const CostHours = z.object({
  device_kind: z.enum(['gpu', 'cpu']),
  device: z.string().meta({ description: 'the name in the price book' }),
  allocated: z.number(),
  used: z.number().nullable(),
  coverage: z.number().nullable().meta({ description: 'share of the allocated time with samples of utilisation' }),
})
export type CostHours = z.infer<typeof CostHours>

export const CostSegment = z.object({
  kind: z.enum(SEGMENT_KINDS),
  total: CostTotal,
  hours: z.array(CostHours),
  runs: z.array(z.number().int()).meta({ description: 'numbers of runs, ascending' }),
  attempts: z.number().int(),
})
export type CostSegment = z.infer<typeof CostSegment>

/** What the card of an external base says that it took; in no total of money. */
export const Embodied = z.object({
  device: z.string().nullable(),
  device_hours: z.number().nullable(),
  kwh: z.number().nullable(),
  kg_co2e: z.number().nullable(),
  tokens: Count.nullable(),
  source: z.string(),
})
export type Embodied = z.infer<typeof Embodied>

const NotAvailable = z.object({ state: z.literal('not_available'), reason: z.string() })

export const Energy = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('measured'),
    wh: z.number(),
    coverage: z.number(),
    at_least: z.boolean(),
    devices: z.number().int(),
  }),
  z.object({
    state: z.literal('estimated'),
    wh: z.number(),
    watts: z.number().meta({ description: 'of the data sheet, per device' }),
    reason: z.string(),
  }),
  NotAvailable,
])
export type Energy = z.infer<typeof Energy>

export const Carbon = z.discriminatedUnion('state', [
  z.object({ state: z.literal('reckoned'), kg_co2e: z.number(), kg_per_kwh: z.number(), source: z.string() }),
  NotAvailable,
])

export const StageFlops = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('reckoned'),
    flops: z.number(),
    per_token: z.number(),
    method: z.string(),
    estimate: z.literal(true),
  }),
  NotAvailable,
])

export const Mfu = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('measured'),
    pct: z.number(),
    peak_tflops: z.number(),
    precision: z.string(),
    alert: z.enum(['too_high', 'too_low']).nullable(),
  }),
  NotAvailable,
])

/** A price that totals were reckoned with. */
export const PriceUse = Price.extend({ device_hours: z.number(), per_hour: z.string(), on: Day })
export type PriceUse = z.infer<typeof PriceUse>

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

/** One stretch of held hardware under one price: Σ hours × price is the money of compute. */
export const CostPiece = z.object({
  experiment: z.number().int(),
  project: Slug,
  run: z.number().int(),
  attempt: z.number().int(),
  kind: z.enum(SEGMENT_KINDS),
  device: z.string(),
  count: z.number().int(),
  from: Instant,
  to: Instant,
  device_hours: z.number(),
  per_hour: z.string().nullable(),
  currency: Currency.nullable(),
  amount: z.string().nullable(),
})
export type CostPiece = z.infer<typeof CostPiece>

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

/** A total as it was reckoned once; a later price leaves it as it was. */
export const PricedRecord = z
  .object({
    id: Uid,
    of: z.enum(['run', 'stage', 'lineage', 'project']),
    run: z.number().int().nullable(),
    experiment: ExperimentRef.nullable(),
    book: Slug,
    as_of: Instant,
    total: CostTotal,
    sources: z.array(PriceUse),
    created_by: z.string(),
    created_at: Instant,
  })
  .meta({ id: 'PricedRecord' })
export type PricedRecord = z.infer<typeof PricedRecord>

export const RepriceInput = z
  .object({
    of: z.enum(['run', 'stage', 'lineage', 'project']),
    run: z.number().int().min(1).optional(),
    experiment: ExperimentName.optional(),
    book: BookName,
    as_of: Instant.optional(),
    currency: Currency.optional(),
  })
  .meta({ id: 'RepriceInput' })
export type RepriceInput = z.infer<typeof RepriceInput>

export const CostEntryInput = z
  .object({
    kind: z.enum(ENTRY_KINDS),
    run: z.number().int().min(1).optional().meta({ description: 'number of the run; else it is the stage’s' }),
    quantity: DecimalText.nullish(),
    unit: Word.nullish(),
    per_unit: DecimalText.nullish(),
    amount: DecimalText.nullish(),
    currency: Currency,
    on: Day,
    assumed: z.boolean().default(false),
    note: z.string().max(2000).default(''),
    supersedes: Uid.optional().meta({ description: 'the entry that this one corrects; it stays readable' }),
  })
  .meta({ id: 'CostEntryInput' })
export type CostEntryInput = z.infer<typeof CostEntryInput>

export const CostEntryView = z
  .object({
    id: Uid,
    kind: z.enum(ENTRY_KINDS),
    experiment: ExperimentRef,
    run: z.number().int().nullable(),
    quantity: z.string().nullable(),
    unit: z.string().nullable(),
    per_unit: z.string().nullable(),
    amount: z.string(),
    currency: Currency,
    on: Day,
    assumed: z.boolean(),
    note: z.string(),
    superseded_by: Uid.nullable(),
    created_by: z.string(),
    created_at: Instant,
  })
  .meta({ id: 'CostEntry' })
export type CostEntryView = z.infer<typeof CostEntryView>

/** Hardware that a run held, told from outside after the fact. */
export const AllocationsInput = z
  .object({
    replace: z
      .boolean()
      .default(false)
      .meta({ description: 'in place of what was told of the run before; what an agent measured stays' }),
    allocations: z
      .array(
        z.object({
          attempt: z.number().int().min(1).default(1),
          device_kind: z.enum(['gpu', 'cpu']),
          device_name: Name,
          count: z.number().int().min(1).max(1_000_000),
          device_uuids: z.array(Word).max(100_000).default([]),
          provider: Word.nullish(),
          region: Word.nullish(),
          commitment: Word.nullish(),
          started_at: Instant,
          ended_at: Instant,
        }),
      )
      .min(1)
      .max(1000),
  })
  .meta({ id: 'AllocationsInput' })
export type AllocationsInput = z.infer<typeof AllocationsInput>

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
