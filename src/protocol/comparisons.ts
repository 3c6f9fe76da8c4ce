/** Stages, runs and checkpoints side by side on the wire. */
import * as z from 'zod'
import { ENTRIES_MAX, ENTRY_KINDS, ENTRY_PATTERN } from '../core/comparisons/entries.ts'
import { MISSING_WORDS } from '../core/comparisons/stage-rows.ts'
import { BENCHMARK_ROLES } from '../core/evaluations/benchmarks.ts'
import { ORIENTATIONS } from '../core/metrics/orientation.ts'
import { RUN_STATES } from '../core/runs/states.ts'
import { Benchmark, Change } from './evaluations.ts'
import { EXPERIMENT_STATES, ExperimentRef } from './experiments.ts'
import { MetricValue } from './metrics.ts'
import { Count, Instant, Slug, Uid } from './words.ts'

/** "3", "task-lora", or "other-project:3" for a stage of another project of the workspace. */
const StageName = z
  .string()
  .min(1)
  .max(130)
  .regex(/^[a-z0-9-]+(:[a-z0-9-]+)?$/, 'must be a number or slug, with "project:" before it for another project')

export const CompareStagesQuery = z.object({
  stages: z
    .union([
      z.array(StageName),
      z
        .string()
        .max(800)
        .transform((list) => list.split(',').filter(Boolean)),
    ])
    .default([])
    .meta({
      type: 'string',
      description: 'two to five, by number or slug, joined by commas; a fork of the project when absent',
    }),
  baseline: StageName.optional().meta({
    description: 'one of them; the one from which others start, else the first, when absent',
  }),
})
export type CompareStagesQuery = z.infer<typeof CompareStagesQuery>

const ComparedCell = z.object({
  text: z.string().nullable(),
  planned: z.string().nullable().meta({ description: 'as planned, where it differs' }),
  relative: z.string().nullable().meta({ description: 'against the baseline' }),
  missing: z.enum(MISSING_WORDS).nullable(),
})

const ComparedRow = z.object({
  key: z.string(),
  label: z.string(),
  cells: z.array(ComparedCell),
  differs: z.boolean().meta({ description: 'false: all stages say the same' }),
})

const WhyRow = z.object({
  benchmark: Benchmark,
  role: z.enum(BENCHMARK_ROLES).nullable(),
  differs: z.boolean(),
  /** Parallel to what is compared; null: not measured. `change` is null for the baseline itself. */
  cells: z.array(
    z
      .object({
        score: z.number(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        n: z.number().int().nullable(),
        change: Change.nullable(),
      })
      .nullable(),
  ),
})

const Reading = z.object({
  title: z.string(),
  gained: z.number().int(),
  lost: z.number().int(),
  unclear: z.number().int(),
  apart: z.number().int(),
})

export const StageComparison = z
  .object({
    stages: z.array(
      z.object({
        experiment: ExperimentRef,
        state: z.enum(EXPERIMENT_STATES),
        checkpoint: z.object({ id: Uid, step: Count }).nullable(),
        is_baseline: z.boolean(),
        /** It starts from the baseline. */
        is_child: z.boolean(),
        purpose: z.string(),
      }),
    ),
    how: z.array(ComparedRow),
    cost: z.array(ComparedRow),
    /** Prices behind the money, or why there is none. */
    cost_note: z.string().nullable(),
    why: z.array(WhyRow),
    /** Parallel to stages; null for the baseline. */
    readings: z.array(Reading.nullable()),
    /** Stages of the project that may be added. */
    choices: z.array(ExperimentRef),
  })
  .meta({ id: 'StageComparison' })
export type StageComparison = z.infer<typeof StageComparison>

/** "run:UID", "checkpoint:UID" or "stage:PROJECT:NUMBER". */
export const EntryText = z
  .string()
  .max(140)
  .regex(ENTRY_PATTERN, 'must be run:ID, checkpoint:ID, or stage:PROJECT:NUMBER')
  .meta({ description: 'run:ID, checkpoint:ID, or stage:PROJECT:NUMBER', example: 'stage:lifecycle:3' })

const Title = z.string().trim().min(1, 'must not be empty').max(200)

export const ComparisonInput = z
  .object({
    title: Title,
    entries: z.array(EntryText).min(1).max(ENTRIES_MAX),
    baseline: EntryText.optional().meta({ description: 'one of the entries; the first when absent' }),
    frozen: z.boolean().default(false).meta({ description: 'keep the numbers as they are now' }),
  })
  .meta({ id: 'ComparisonInput' })
export type ComparisonInput = z.infer<typeof ComparisonInput>

export const ComparisonChange = z
  .object({
    revision: z.number().int().min(1).meta({ description: 'the one that was read; another answers with conflict' }),
    title: Title.optional(),
    entries: z.array(EntryText).min(1).max(ENTRIES_MAX).optional().meta({
      description: 'all that are to stand in it, in their order; those that the caller may not see stay',
    }),
    baseline: EntryText.optional(),
    frozen: z.boolean().optional().meta({
      description: 'true: keep the numbers as they are now (again, where it is frozen); false: make it live',
    }),
  })
  .meta({ id: 'ComparisonChange' })
export type ComparisonChange = z.infer<typeof ComparisonChange>

export const DraftQuery = z.object({
  entries: z.union([
    z.array(EntryText).min(1).max(ENTRIES_MAX),
    z
      .string()
      .max(ENTRIES_MAX * 141)
      .transform((list) => list.split(',').filter(Boolean))
      .pipe(z.array(EntryText).min(1).max(ENTRIES_MAX)),
  ]),
  baseline: EntryText.optional(),
  with_parent: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
    .default(false)
    .meta({ type: 'boolean', description: 'set the first entry beside what it was trained from, as the baseline' }),
})
export type DraftQuery = z.infer<typeof DraftQuery>

const ComparedEntry = z.object({
  entry: EntryText,
  kind: z.enum(ENTRY_KINDS),
  name: z.string(),
  stage: ExperimentRef,
  run: z.object({ uid: Uid, number: z.number().int(), name: z.string(), state: z.enum(RUN_STATES) }).nullable(),
  checkpoint: z.object({ id: Uid, step: Count }).nullable(),
  state: z.string().meta({ description: 'of the run, or of the stage' }),
  last_step: Count.nullable(),
  is_baseline: z.boolean(),
  /** It starts from the baseline's stage. */
  is_child: z.boolean(),
})

const MetricCell = z.object({
  last: MetricValue,
  min: MetricValue,
  max: MetricValue,
  best: MetricValue,
  step: Count.nullable().meta({ description: 'of the last value' }),
})

/** Entries side by side; every list of cells is parallel to `entries`. */
export const SideBySide = z
  .object({
    entries: z.array(ComparedEntry),
    how: z.array(ComparedRow),
    cost: z.array(ComparedRow),
    cost_note: z.string().nullable(),
    why: z.array(WhyRow),
    readings: z.array(Reading.nullable()),
    config: z.array(
      z.object({
        path: z.array(z.string()),
        cells: z.array(z.string().nullable()).meta({ description: 'each value as JSON; null: not set' }),
        differs: z.boolean(),
      }),
    ),
    config_left_out: Count.meta({ description: 'keys beyond the limit' }),
    metrics: z.array(
      z.object({
        key: z.string(),
        orientation: z.enum(ORIENTATIONS).nullable(),
        cells: z.array(MetricCell.nullable()),
        differs: z.boolean(),
      }),
    ),
    metrics_left_out: Count,
  })
  .meta({ id: 'SideBySide' })
export type SideBySide = z.infer<typeof SideBySide>

export const ComparisonSummary = z
  .object({
    id: Uid,
    title: z.string(),
    by: z.string(),
    created_at: Instant,
    updated_at: Instant,
    frozen_at: Instant.nullable(),
    entries: z.array(z.object({ kind: z.enum(ENTRY_KINDS), name: z.string(), project: Slug })),
    hidden: Count.meta({ description: 'entries that the caller may not see, or whose run or checkpoint was deleted' }),
    url: z.string(),
  })
  .meta({ id: 'ComparisonSummary' })
export type ComparisonSummary = z.infer<typeof ComparisonSummary>

export const Comparison = ComparisonSummary.omit({ entries: true })
  .extend({
    revision: z.number().int(),
    may_edit: z.boolean(),
    may_delete: z.boolean(),
    /** The baseline is among the hidden ones: nothing is set against it. */
    baseline_hidden: z.boolean(),
    sides: SideBySide,
  })
  .meta({ id: 'Comparison' })
export type Comparison = z.infer<typeof Comparison>

export const ComparisonDraft = z
  .object({
    sides: SideBySide,
    may_save: z.boolean(),
    note: z.string().nullable().meta({ description: 'why there is no parent, where one was asked for' }),
  })
  .meta({ id: 'ComparisonDraft' })
export type ComparisonDraft = z.infer<typeof ComparisonDraft>
