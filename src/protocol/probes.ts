/** Named views of a stage's evaluations: two sides of one task, facets of a domain, facts that were taught, instruction following. */
import * as z from 'zod'
import { FACETS } from '../core/evaluations/facets.ts'
import { PAIR_KINDS } from '../core/evaluations/paired-parts.ts'
import { FACT_KINDS, RECALL_READINGS } from '../core/evaluations/taught-facts.ts'
import { Benchmark } from './evaluations.ts'
import { ExperimentRef } from './experiments.ts'
import { StageRef } from './forgetting.ts'
import { Count, Slug, Uid } from './words.ts'

export const ProbeScore = z.object({
  score: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number().int().nullable(),
})
export type ProbeScore = z.infer<typeof ProbeScore>

/** A benchmark, or a part of its items, on the stage's checkpoint and on the one from which it started. */
export const Probed = z
  .object({
    benchmark: Benchmark,
    scale: z.number().int(),
    after: ProbeScore.nullable().meta({ description: 'null: not measured here' }),
    before: ProbeScore.nullable().meta({ description: 'null: not measured there, or under another protocol' }),
    /** New − old in the benchmark's own counting; null where they cannot be compared. */
    change: z
      .object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable(), p: z.number().nullable() })
      .nullable(),
    reason: z.string().nullable().meta({ description: 'why there is no change' }),
  })
  .meta({ id: 'Probed' })
export type Probed = z.infer<typeof Probed>

export const StageProbes = z
  .object({
    experiment: ExperimentRef,
    checkpoint: z.object({ id: Uid, step: Count }).nullable(),
    baseline: StageRef.nullable().meta({ description: 'where the stage started' }),
    /** Form before content, process before answer; never averaged. */
    pairs: z.array(z.object({ kind: z.enum(PAIR_KINDS), first: Probed, second: Probed })),
    domains: z.array(
      z.object({
        domain: z.string(),
        facets: z.array(z.object({ facet: z.enum(FACETS), found: Probed.nullable() })),
        missing: z.array(z.enum(FACETS)),
      }),
    ),
    recall: z.array(
      z.object({
        benchmark: Benchmark,
        kinds: z.array(z.object({ kind: z.enum(FACT_KINDS), found: Probed.nullable() })),
        missing: z.array(z.enum(FACT_KINDS)),
        reading: z.enum(RECALL_READINGS),
      }),
    ),
    /** Views whose items are too many for their labels to be read; what benchmarks tell of themselves is shown all the same. */
    unread: z.array(z.object({ view: z.enum(['domains', 'recall']), items: Count, most: Count })),
    /** Only of a stage whose weights come from a model that was tuned to follow instructions. */
    instruct: z
      .object({
        tuned: ExperimentRef.meta({ description: 'the nearest stage that was tuned for it' }),
        benchmarks: z
          .array(z.object({ slug: Slug, name: z.string(), measured: z.boolean() }))
          .meta({ description: 'kept by default' }),
        chat_template: z
          .object({ template: z.string(), from: ExperimentRef, by: z.enum(['stage', 'protocol']) })
          .nullable()
          .meta({ description: 'as the stage or an ancestor tells it; null: nobody told' }),
        suggestion: z
          .object({ slug: Slug, name: z.string(), command: z.string() })
          .nullable()
          .meta({ description: 'what to measure where no benchmark of instruction following is known' }),
      })
      .nullable(),
  })
  .meta({ id: 'StageProbes' })
export type StageProbes = z.infer<typeof StageProbes>
