/** Runs of one configuration that differ only in their training seed, on the wire. */
import * as z from 'zod'
import { Benchmark } from './evaluations.ts'
import { Count, Uid } from './words.ts'

export const SeedGroups = z
  .object({
    /** Configurations with three seeds or more, the one with the most first. */
    groups: z.array(
      z.object({
        runs: z.array(z.object({ number: z.number().int(), seed: Count, step: Count, checkpoint: Uid })),
        /** Benchmarks that three runs or more were measured on under one protocol. */
        spreads: z.array(
          z.object({
            benchmark: Benchmark,
            metric: z.string(),
            /** How many of the runs were measured. */
            n: z.number().int(),
            mean: z.number(),
            /** Sample standard deviation over runs. */
            sd: z.number(),
            /** Numbers of the runs that were measured, and what each scored. */
            scores: z.array(z.object({ run: z.number().int(), score: z.number() })),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'SeedGroups' })
export type SeedGroups = z.infer<typeof SeedGroups>
