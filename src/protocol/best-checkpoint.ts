/** The best checkpoint of a stage by a rule: the highest target subject to what must be kept. */
import * as z from 'zod'
import { BUDGET_VERDICTS } from '../core/forgetting/budget.ts'
import { Benchmark } from './evaluations.ts'
import { ExperimentRef } from './experiments.ts'
import { Count, QueryNumber, Slug, Uid } from './words.ts'

export const BestCheckpointQuery = z
  .object({
    target: Slug.optional().meta({ description: 'a benchmark measured on the stage; absent: what the stage aims at' }),
    uncertain: z
      .enum(['allow', 'exclude'])
      .default('allow')
      .meta({ description: 'what becomes of a checkpoint whose loss the data cannot place against its budget' }),
    floor: QueryNumber.pipe(z.number().min(0).max(1)).optional().meta({
      type: 'number',
      description: 'least share kept of every benchmark with a chance level, in place of its budget',
    }),
  })
  .meta({ id: 'BestCheckpointQuery' })
export type BestCheckpointQuery = z.infer<typeof BestCheckpointQuery>

const Named = z.object({ slug: Slug, name: z.string() })

/** A benchmark that must be kept, on one checkpoint against the checkpoint that the stage started from. */
const Kept = Named.extend({
  verdict: z.enum([...BUDGET_VERDICTS, 'missing']),
  delta: z.number().nullable().meta({ description: 'change of utility, negative is worse' }),
  low: z.number().nullable(),
  high: z.number().nullable(),
  tolerance: z.number().nullable(),
  retention: z.number().nullable(),
})

export const BestCheckpoint = z
  .object({
    experiment: ExperimentRef,
    target: Benchmark.nullable(),
    /** Benchmarks measured on the stage, what it aims at first. */
    choices: z.array(Named.extend({ is_target: z.boolean() })),
    rule: z.object({
      uncertain: z.enum(['allow', 'exclude']),
      floor: z.number().nullable(),
      words: z.string(),
    }),
    best: Uid.nullable(),
    /** Why there is none; null where there is one. */
    why: z.string().nullable(),
    /** The checkpoint that stands for the stage now. */
    of_stage: z.object({ id: Uid, why: z.enum(['pinned', 'children', 'last']) }).nullable(),
    /** The checkpoint that losses are told against; null at a root. */
    baseline: z.object({ experiment: ExperimentRef, checkpoint: z.object({ id: Uid, step: Count }) }).nullable(),
    /** By how much the highest of so many noisy scores looks better than it is, if all were equally good; null: not known. */
    selection: z.number().nullable(),
    unjudged: z.array(Named.extend({ reason: z.string() })),
    left_out: Count.meta({
      description: 'checkpoints of the stage that are no candidates, as only the furthest 1,000 are',
    }),
    /** By step. */
    candidates: z.array(
      z.object({
        checkpoint: z.object({ id: Uid, step: Count, tokens: z.number().nullable() }),
        run: z.number().int().nullable(),
        score: z.number().nullable(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        n: z.number().int().nullable(),
        /** In words; empty: the rule may choose it. */
        excluded: z.array(z.string()),
        /** Names of benchmarks of which the data cannot tell whether they are within budget. */
        uncertain: z.array(z.string()),
        /**
         * Against the best: how much less it is on the target, with its 95 % interval; null for the best itself and for what is
         * excluded. `tied`: the interval holds 0, or there is none.
         */
        behind: z
          .object({ change: z.number(), low: z.number().nullable(), high: z.number().nullable(), tied: z.boolean() })
          .nullable(),
        kept: z.array(Kept),
      }),
    ),
  })
  .meta({ id: 'BestCheckpoint' })
export type BestCheckpoint = z.infer<typeof BestCheckpoint>
