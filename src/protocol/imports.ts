/** Imports on the wire: which checkpoint a file means, and what of a file is there already. */
import * as z from 'zod'
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
