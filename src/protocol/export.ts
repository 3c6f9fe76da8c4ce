/** Raw points of runs as a file. */
import * as z from 'zod'
import { EXPORT_FORMATS } from '../core/metrics/export-formats.ts'
import { Slug } from './words.ts'

/** view: the points that charts show; all: those of superseded attempts too, marked. */
export const EXPORT_ATTEMPTS = ['view', 'all'] as const

const Step = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).meta({ type: 'integer' })

/** What is exported, in an address. */
export const ExportQuery = z.object({
  metrics: z.string().min(1).max(12_000).optional().meta({
    description: 'Keys with commas between, \\, for a comma within one; all when absent',
    example: 'train/loss,lr',
  }),
  format: z.enum(EXPORT_FORMATS).default('csv'),
  attempts: z.enum(EXPORT_ATTEMPTS).default('view'),
  from: Step.optional().meta({ description: 'First step' }),
  to: Step.optional().meta({ description: 'Last step' }),
  cursor: z.string().max(600).optional().meta({
    description: 'Rows behind this one: run:attempt:step:metric of the last row received',
    example: '17:1:1200:train/loss',
  }),
  limit: z.coerce.number().int().min(1).max(1_000_000_000).optional().meta({
    type: 'integer',
    description: 'Rows at most; all when absent',
  }),
  header: z.enum(['true', 'false']).default('true').meta({ description: 'The head line of CSV' }),
})
export type ExportQuery = z.infer<typeof ExportQuery>

/** The same of a project. */
export const ProjectExportQuery = ExportQuery.extend({
  runs: z.string().min(1).max(12_000).optional().meta({
    description: 'Numbers, ranges and uids; all when absent',
    example: '1-100,205',
  }),
})
export type ProjectExportQuery = z.infer<typeof ProjectExportQuery>

/** The same as a page of the browser links to it. */
export const ScreenExportQuery = ProjectExportQuery.extend({ workspace: Slug, project: Slug })
