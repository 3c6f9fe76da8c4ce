/** Streams of live news. A message says which runs advanced; their data is asked for as ever. */
import * as z from 'zod'
import { NEWS_KINDS } from '../core/live/news-digest.ts'
import { Slug } from './words.ts'

export const LiveQuery = z.object({
  project: Slug,
  runs: z
    .string()
    .min(1)
    .max(6_000)
    .optional()
    .meta({ description: 'Numbers and ranges; without it all runs of the project', example: '1-100,205' }),
})
export type LiveQuery = z.infer<typeof LiveQuery>

/** Data of `event: news`. */
export const NewsMessage = z
  .object({
    runs: z.array(
      z.object({
        /** Its number. */
        run: z.number().int(),
        /** The newest step that was told of; null when the news is not about one. */
        last_step: z.number().nullable(),
        /** Epoch ms. */
        at: z.number(),
        what: z.array(z.enum(NEWS_KINDS)),
      }),
    ),
    /** More runs advanced than are named here. */
    more: z.boolean().optional(),
  })
  .meta({ id: 'NewsMessage' })
export type NewsMessage = z.infer<typeof NewsMessage>
