/** Tokens to a target and tokens per second, apart, of every stage of a project. */
import * as z from 'zod'
import { Benchmark } from './evaluations.ts'
import { EXPERIMENT_STATES, ExperimentRef } from './experiments.ts'
import { Count, QueryNumber, Slug, Uid } from './words.ts'

export const TargetQuery = z
  .object({
    benchmark: Slug.meta({ description: 'slug of the benchmark' }),
    target: QueryNumber.meta({ type: 'number', description: 'the score to reach, on the scale of the benchmark' }),
  })
  .meta({ id: 'TargetQuery' })
export type TargetQuery = z.infer<typeof TargetQuery>

/**
 * reached: within the stage; at_start: the checkpoint that the stage began from was there already, by the protocol of the stage;
 * tokens_unknown: a checkpoint was
 * there that does not tell its tokens; never: none was, `best` is the nearest; not_measured.
 */
export const TARGET_STATES = ['reached', 'at_start', 'tokens_unknown', 'never', 'not_measured'] as const

export const TargetReached = z
  .object({
    benchmark: Benchmark,
    target: z.number(),
    convention: z.string(),
    stages: z.array(
      z.object({
        experiment: ExperimentRef,
        state: z.enum(EXPERIMENT_STATES),
        reached: z.enum(TARGET_STATES),
        /** Tokens behind the weights at the crossing. */
        tokens: z.number().nullable(),
        /** Of these, what the stage trained on itself. */
        own_tokens: z.number().nullable(),
        /** The crossing lies before these tokens; no comparable checkpoint before it says how far. */
        at_most: z.boolean(),
        /** The checkpoint that shows it; of `never` the best one. */
        checkpoint: z.object({ id: Uid, step: Count, score: z.number() }).nullable(),
        measured: Count.meta({ description: 'checkpoints of the stage that were measured on it' }),
        /** Tokens of the stage per second of its attempts; null: one of the two is not told. */
        tokens_per_s: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'TargetReached' })
export type TargetReached = z.infer<typeof TargetReached>
