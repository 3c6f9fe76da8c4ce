/** What projects and runs take on disk, and what is left of deleted ones, on the wire. */
import * as z from 'zod'
import { DELETED_PHASES } from '../core/runs/retention.ts'
import { Count, Instant, Slug, Uid } from './words.ts'

/** Bytes of content by kind. Counted: packed content, without rows, indexes and free space. */
export const StoredBytes = z
  .object({
    unsealed: Count.meta({ description: 'points that wait to be sealed; counted' }),
    raw: Count.meta({ description: 'sealed raw points; counted' }),
    levels: Count.meta({ description: 'levels of detail above them; counted' }),
    summaries: Count.meta({ description: 'last, first, minimum and maximum per metric; estimated from their number' }),
    rows: Count.meta({ description: 'rows and index entries around the content; estimated from their number' }),
    console: Count.meta({ description: 'console lines; counted' }),
    artifacts: Count.meta({ description: 'files, the same content of a project once; counted' }),
  })
  .meta({ id: 'StoredBytes' })
export type StoredBytes = z.infer<typeof StoredBytes>

const Use = z.object({
  points: Count,
  bytes: StoredBytes,
  metric_bytes: Count.meta({ description: 'unsealed + raw + levels + summaries + rows' }),
  total_bytes: Count,
  bytes_per_point: z.number().nullable().meta({ description: 'metric_bytes / points; null without points' }),
})

export const ProjectUse = Use.extend({
  project: Slug,
  name: z.string(),
  runs: Count,
  deleted_runs: Count,
  unsealed_runs: Count,
  unsealed_points: Count,
  bytes_per_million_points: Count.nullable(),
  thin_after_days: z.number().int().nullable(),
}).meta({ id: 'ProjectUse' })
export type ProjectUse = z.infer<typeof ProjectUse>

export const RunUse = Use.extend({
  uid: Uid,
  number: z.number().int(),
  name: z.string(),
  deleted: z.boolean(),
  thinned: z.boolean(),
}).meta({ id: 'RunUse' })
export type RunUse = z.infer<typeof RunUse>

/** A project with its largest runs. */
export const ProjectStorage = ProjectUse.extend({
  largest_runs: z.array(RunUse),
  measured_at: Instant.meta({ description: 'counted at most once a minute' }),
}).meta({ id: 'ProjectStorage' })
export type ProjectStorage = z.infer<typeof ProjectStorage>

/** A workspace by project. `instance`: what PostgreSQL says that the whole instance takes, for its admins only. */
export const WorkspaceStorage = z
  .object({
    projects: z.array(ProjectUse),
    measured_at: Instant,
    instance: z.object({ database: Count, metrics: Count, console: Count, free_disk: Count }).nullable(),
  })
  .meta({ id: 'WorkspaceStorage' })
export type WorkspaceStorage = z.infer<typeof WorkspaceStorage>

/** What a policy would do at present. */
export const ThinPreview = z
  .object({
    days: z.number().int(),
    runs: Count,
    bytes: Count.meta({ description: 'raw points that would go; an upper bound' }),
  })
  .meta({ id: 'ThinPreview' })
export type ThinPreview = z.infer<typeof ThinPreview>

/** A run that was deleted and what is left of it. */
export const DeletedRun = z
  .object({
    uid: Uid,
    project: Slug,
    number: z.number().int(),
    name: z.string(),
    stage: z.string(),
    last_step: Count.nullable(),
    deleted_at: Instant,
    phase: z.enum(DELETED_PHASES).meta({
      description: 'restorable: in its grace time; waiting: due; deleting: no way back; gone: only its mark is left',
    }),
    due_at: Instant.nullable(),
    days_left: z.number().int().nullable(),
    rows: Count.nullable().meta({ description: 'rows of its data, counted when their deletion began' }),
    rows_done: Count,
    kept_checkpoints: Count.meta({ description: 'checkpoints that are there at present' }),
  })
  .meta({ id: 'DeletedRun' })
export type DeletedRun = z.infer<typeof DeletedRun>
