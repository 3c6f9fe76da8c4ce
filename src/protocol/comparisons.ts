/** Stages side by side on the wire. */
import * as z from 'zod'
import { MISSING_WORDS } from '../core/comparisons/stage-rows.ts'
import { BENCHMARK_ROLES } from '../core/evaluations/benchmarks.ts'
import { Benchmark, Change } from './evaluations.ts'
import { EXPERIMENT_STATES, ExperimentRef } from './experiments.ts'
import { Count, Uid } from './words.ts'

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
    why: z.array(
      z.object({
        benchmark: Benchmark,
        role: z.enum(BENCHMARK_ROLES).nullable(),
        differs: z.boolean(),
        /** Parallel to stages; null: not measured. `change` is null for the baseline itself. */
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
      }),
    ),
    /** Parallel to stages; null for the baseline. */
    readings: z.array(
      z
        .object({
          title: z.string(),
          gained: z.number().int(),
          lost: z.number().int(),
          unclear: z.number().int(),
          apart: z.number().int(),
        })
        .nullable(),
    ),
    /** Stages of the project that may be added. */
    choices: z.array(ExperimentRef),
  })
  .meta({ id: 'StageComparison' })
export type StageComparison = z.infer<typeof StageComparison>
