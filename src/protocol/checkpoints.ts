/** Checkpoints and artifacts on the wire. */
import * as z from 'zod'
import { ExperimentRef } from './experiments.ts'
import { OverrideReason } from './forgetting.ts'
import { Count, Instant, Json, Sha256, Uid } from './words.ts'

/** Backslashes and control characters (U+0000–U+001F, U+007F). */
const hasForbiddenCharacter = (text: string): boolean => [...text].some((c) => c === '\\' || c < ' ' || c === '\u007f')

/** A relative name: no empty, `.` or `..` segment, no backslash, no control character; data, never a path. */
export const FileName = z
  .string()
  .min(1)
  .max(512)
  .refine(
    (v) =>
      v === v.normalize('NFC') &&
      !hasForbiddenCharacter(v) &&
      !v.startsWith('/') &&
      v.split('/').every((s) => s !== '' && s !== '.' && s !== '..'),
    'must be a relative name without empty, "." or ".." segments, backslashes or control characters',
  )

export const ArtifactInput = z
  .object({
    name: FileName,
    size: Count,
    sha256: Sha256,
    type: z.string().min(1).max(64).default('file'),
    key: z.string().max(256).nullish(),
    step: Count.nullish(),
  })
  .meta({ id: 'ArtifactInput' })
export type ArtifactInput = z.infer<typeof ArtifactInput>

export const ArtifactAnswer = z
  .discriminatedUnion('status', [
    z.object({ status: z.literal('exists'), id: Uid }),
    z.object({ status: z.literal('upload'), id: Uid, upload: z.object({ id: Uid, part_size: Count, parts: Count }) }),
  ])
  .meta({ id: 'ArtifactAnswer' })
export type ArtifactAnswer = z.infer<typeof ArtifactAnswer>

export const PART_BYTES_MAX = 64 * 1024 * 1024

export const UploadState = z
  .object({
    id: Uid,
    part_size: Count,
    parts: z.array(z.object({ n: z.number().int(), size: Count })),
    complete: z.boolean(),
  })
  .meta({ id: 'UploadState' })
export type UploadState = z.infer<typeof UploadState>

export const Artifact = z
  .object({
    id: Uid,
    run: z.object({ uid: Uid, number: z.number().int() }),
    name: z.string(),
    type: z.string(),
    sha256: Sha256,
    size: Count,
    key: z.string().nullable(),
    step: Count.nullable(),
    created_at: Instant,
    url: z.string(),
  })
  .meta({ id: 'Artifact' })
export type Artifact = z.infer<typeof Artifact>

/** What a run logged under a key and a step beside numbers. */
export const MediaItem = z
  .object({ id: Uid, key: z.string(), step: Count, type: z.string(), name: z.string(), size: Count })
  .meta({ id: 'MediaItem' })
export type MediaItem = z.infer<typeof MediaItem>

export const MediaList = z
  .object({
    items: z.array(MediaItem).meta({ description: 'by key, step and arrival' }),
    more: z.boolean().meta({ description: 'there are more than the 20,000 that are told' }),
  })
  .meta({ id: 'MediaList' })
export type MediaList = z.infer<typeof MediaList>

export const CheckpointInput = z
  .object({
    attempt: z.number().int().min(1),
    step: Count,
    tokens: Count.nullish(),
    files: z
      .array(z.object({ name: FileName, sha256: Sha256, size: Count }))
      .max(10_000)
      .default([]),
    location: z.string().max(1000).nullish(),
    metadata: Json.default({}),
  })
  .meta({ id: 'CheckpointInput' })
export type CheckpointInput = z.infer<typeof CheckpointInput>

export const CheckpointFile = z.object({ name: z.string(), sha256: Sha256, size: Count, url: z.string() })
export type CheckpointFile = z.infer<typeof CheckpointFile>

export const Checkpoint = z
  .object({
    id: Uid,
    experiment: ExperimentRef,
    run: z.object({ uid: Uid, number: z.number().int(), name: z.string() }).nullable(),
    attempt: z.number().int().nullable(),
    step: Count,
    tokens: Count.nullable(),
    sha256: Sha256.nullable(),
    size: Count,
    location: z.string().nullable(),
    metadata: Json,
    files: z.array(CheckpointFile),
    /** Benchmarks measured on it, and the stages that start from it. */
    evaluated: z.number().int(),
    children: z.array(ExperimentRef),
    /** True for the checkpoint of the stage, with the reason. */
    of_stage: z.enum(['pinned', 'children', 'last']).nullable(),
    created_at: Instant,
    /** Only of a deleted checkpoint: since when. */
    deleted_at: Instant.optional(),
  })
  .meta({ id: 'Checkpoint' })
export type Checkpoint = z.infer<typeof Checkpoint>

export const PinInput = z
  .object({
    checkpoint: Uid.nullable(),
    override: OverrideReason.optional().meta({ description: 'why it may be pinned behind a gate that is shut' }),
  })
  .meta({ id: 'PinInput' })

/** What is pinned in a stage, and which checkpoint is that of the stage and why. */
export const PinAnswer = z
  .object({
    pinned: Uid.nullable(),
    of_stage: z.object({ id: Uid, step: Count, why: z.enum(['pinned', 'children', 'last']) }).nullable(),
  })
  .meta({ id: 'PinAnswer' })
export type PinAnswer = z.infer<typeof PinAnswer>
