/** Overlap of training data with evaluation items on the wire: hashes only, never a text. */
import * as z from 'zod'
import { ExperimentRef } from './experiments.ts'
import { Sha256, Uid } from './words.ts'

export const TRAINING_ROWS_MAX = 10_000
export const TRAINING_HASHES_MAX = 100_000

export const TrainingRowsInput = z
  .object({
    dataset: z.string().min(3).max(130).meta({ description: 'slug@version, as the data mixture names it' }),
    rows: z
      .array(
        z.object({
          id: z.string().min(1).max(256),
          hash: Sha256.meta({ description: 'SHA-256 of the normalised row' }),
          windows: z.array(Sha256).max(TRAINING_HASHES_MAX).default([]).meta({
            description: 'SHA-256 of every 13 words of the normalised row, one after another',
          }),
        }),
      )
      .min(1)
      .max(TRAINING_ROWS_MAX),
  })
  .meta({ id: 'TrainingRowsInput' })
export type TrainingRowsInput = z.infer<typeof TrainingRowsInput>

export const TrainingRowsAnswer = z
  .object({ dataset: z.string(), rows: z.number().int(), hashes: z.number().int() })
  .meta({ id: 'TrainingRowsAnswer' })
export type TrainingRowsAnswer = z.infer<typeof TrainingRowsAnswer>

/** An item that training data holds too. */
export const Overlap = z.object({
  item: z.string(),
  dataset: z.string().meta({ description: 'slug@version' }),
  row: z.string().meta({ description: 'the row of the data set that shares the text, one of them' }),
})
export type Overlap = z.infer<typeof Overlap>

/** What the checkpoint's training data and the evaluation's items share; `warning` is null where nothing was found. */
export const Contamination = z
  .object({
    evaluation: Uid,
    items: z.number().int().meta({ description: 'items whose hash is known' }),
    datasets: z.array(
      z.object({
        dataset: z.string(),
        reported: z.boolean().meta({ description: 'whether hashes of its rows are known' }),
        stages: z.array(ExperimentRef),
      }),
    ),
    found: z.number().int().meta({ description: 'items that training data holds too' }),
    overlaps: z.array(Overlap).meta({ description: 'the first thousand' }),
    warning: z.string().nullable(),
    unknown: z.string().nullable().meta({ description: 'what could not be compared, and why' }),
  })
  .meta({ id: 'Contamination' })
export type Contamination = z.infer<typeof Contamination>
