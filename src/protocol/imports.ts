/** Imports on the wire: which checkpoint a file means, and what of a file is there already. */
import * as z from 'zod'
import { SCORE_FILE_KINDS } from '../core/imports/score-files.ts'
import { SCORE_FILES_CHARACTERS_MAX, SCORE_FILES_MAX } from '../core/imports/upload-limits.ts'
import { ExperimentRef } from './experiments.ts'
import { Count, Uid } from './words.ts'

export const NAMES_MAX = 100

/** What files call their models: an id, a hash, a path, a name on a hub with or without a revision, or stage@step. */
export const TargetsInput = z
  .object({ names: z.array(z.string().trim().min(1).max(1000)).min(1).max(NAMES_MAX) })
  .meta({ id: 'TargetsInput' })
export type TargetsInput = z.infer<typeof TargetsInput>

/** A checkpoint that a name means. */
export const TargetCheckpoint = z.object({
  id: Uid,
  experiment: ExperimentRef,
  step: Count,
  location: z.string().nullable(),
})
export type TargetCheckpoint = z.infer<typeof TargetCheckpoint>

/** What each name means, in the order in which they came. */
export const Targets = z
  .object({
    items: z.array(
      z.discriminatedUnion('kind', [
        z.object({ name: z.string(), kind: z.literal('found'), checkpoint: TargetCheckpoint }),
        z.object({ name: z.string(), kind: z.literal('several'), checkpoints: z.array(TargetCheckpoint) }),
        /** `near` are names of the project that come closest; empty for a key that may not read them. */
        z.object({ name: z.string(), kind: z.literal('unknown'), near: z.array(z.string()) }),
      ]),
    ),
  })
  .meta({ id: 'Targets' })
export type Targets = z.infer<typeof Targets>
export type Target = Targets['items'][number]

/** Records of one file that evaluations of a checkpoint came from. An open one still waits for items. */
export const KnownRecords = z
  .object({
    items: z.array(z.object({ record: z.string(), evaluation: Uid, status: z.enum(['open', 'complete']) })),
  })
  .meta({ id: 'KnownRecords' })
export type KnownRecords = z.infer<typeof KnownRecords>

export const ScoreFilesInput = z
  .object({
    files: z
      .array(z.object({ name: z.string().min(1).max(500), text: z.string().max(SCORE_FILES_CHARACTERS_MAX) }))
      .min(1)
      .max(SCORE_FILES_MAX),
    checkpoint: z
      .string()
      .trim()
      .max(1000)
      .optional()
      .meta({ description: 'of rows that name none, and of results whose model the project does not know' }),
    write: z.boolean().default(false).meta({ description: 'false: say what would be written, and write nothing' }),
  })
  .meta({ id: 'ScoreFilesInput' })
export type ScoreFilesInput = z.infer<typeof ScoreFilesInput>

const FoundScore = z.object({
  file: z.string(),
  at: z.string().meta({ description: 'the line, or the record of a harness' }),
  checkpoint: z.object({ experiment: ExperimentRef, step: Count }).nullable(),
  benchmark: z.string(),
  metric: z.string(),
  score: z.number(),
  scale: z.number().int(),
  stderr: z.number().nullable(),
  n: z.number().int().nullable(),
  items: z.number().int(),
  without_items: z.string().nullable().meta({ description: 'why samples did not become items' }),
  /** `new`: written, or would be; `there`: an earlier import brought it; `left_out`: cannot be taken. */
  state: z.enum(['new', 'there', 'left_out']),
  reason: z.string().nullable(),
})
export type FoundScore = z.infer<typeof FoundScore>

const FoundBenchmark = z.object({
  slug: z.string(),
  name: z.string(),
  is_new: z.boolean().meta({ description: 'the workspace does not know it: the files define it' }),
  category: z.string().nullable().meta({ description: 'null: neither the workspace nor the files say' }),
  higher_is_better: z.boolean().nullable(),
  metrics: z.array(z.string()),
  scores: z.number().int(),
  checkpoints: z.number().int(),
  items: z.number().int(),
  low: z.number(),
  high: z.number(),
})
export type FoundBenchmark = z.infer<typeof FoundBenchmark>

/** What files of scores say, and what was or would be written of it. */
export const ScoreFilesReport = z
  .object({
    written: z.boolean(),
    files: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(SCORE_FILE_KINDS),
        columns: z.array(z.object({ name: z.string(), ignored: z.string().nullable() })),
        model: z.string().nullable(),
        faults: z.array(z.object({ at: z.string(), reason: z.string() })),
      }),
    ),
    benchmarks: z.array(FoundBenchmark),
    scores: z.array(FoundScore),
    totals: z.object({ new: z.number().int(), there: z.number().int(), left_out: z.number().int() }),
  })
  .meta({ id: 'ScoreFilesReport' })
export type ScoreFilesReport = z.infer<typeof ScoreFilesReport>
