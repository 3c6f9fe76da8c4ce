/** Projects on the wire. */
import * as z from 'zod'
import { THIN_DAYS_MAX, THIN_DAYS_MIN } from '../core/runs/retention.ts'
import { Instant, Name, Slug } from './words.ts'

export const ProjectInput = z
  .object({ name: Name.optional(), description: z.string().max(4000).optional(), recorded: z.boolean().optional() })
  .meta({ id: 'ProjectInput' })
export type ProjectInput = z.infer<typeof ProjectInput>

/** What changes; the rest stays. A changed slug goes on leading to the project. */
export const ProjectChange = z
  .object({
    slug: Slug.optional(),
    name: Name.optional(),
    description: z.string().max(4000).optional(),
    thin_after_days: z.number().int().min(THIN_DAYS_MIN).max(THIN_DAYS_MAX).nullish().meta({
      description:
        'Drop the raw points of runs that ended more days ago and keep their levels of detail; null: never. Needs run:delete.',
    }),
  })
  .meta({ id: 'ProjectChange' })
export type ProjectChange = z.infer<typeof ProjectChange>

export const Project = z
  .object({
    slug: Slug,
    name: z.string(),
    description: z.string(),
    recorded: z.boolean(),
    created_at: Instant,
    url: z.string(),
    thin_after_days: z.number().int().nullable(),
  })
  .meta({ id: 'Project' })
export type Project = z.infer<typeof Project>

/** A project in a list: what it holds and when something last happened. */
export const ProjectSummary = Project.extend({
  experiments: z.number().int(),
  runs: z.number().int(),
  running: z.number().int(),
  stage_kinds: z.array(z.string()),
  last_activity_at: Instant.nullable(),
}).meta({ id: 'ProjectSummary' })
export type ProjectSummary = z.infer<typeof ProjectSummary>
