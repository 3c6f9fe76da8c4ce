import { rowBytes, summaryBytes } from '#src/core/projects/row-bytes.ts'
import {
  countLatest,
  measureRawBlocks,
  measureRuns,
  type RunBytes,
} from '#src/db/queries/metrics/retention/measure-runs.ts'
import { measureTables } from '#src/db/queries/metrics/retention/measure-tables.ts'
import { listProjects } from '#src/db/queries/projects/list-projects.ts'
import { listRunMarks, type RunMark, sumFiles } from '#src/db/queries/projects/list-run-marks.ts'
import { listThinnableRuns } from '#src/db/queries/runs/thinning.ts'
import type { Scope } from '#src/db/scope.ts'
import type {
  ProjectStorage,
  ProjectUse,
  RunUse,
  StoredBytes,
  ThinPreview,
  WorkspaceStorage,
} from '#src/protocol/storage.ts'
import type { Context, Services } from '#src/services/context.ts'
import { openProject, openWorkspace } from '#src/services/workspaces/open.ts'

/** How long a count is told again: counting looks at every row of the project's runs, 60 ms per billion points. */
const FRESH_MS = 60_000
const PROJECTS_MAX = 1_000
const LARGEST_RUNS = 20

/** What was counted of one project. */
interface Counted {
  runs: { mark: RunMark; bytes: RunBytes; summaries: number }[]
  files: number
  atMs: number
}

const counts = new WeakMap<Services, Map<number, Counted>>()

/**
 * What each project of a workspace takes on disk, the largest first.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getWorkspaceStorage(
  ctx: Context,
  input: { workspace?: string | undefined },
): Promise<WorkspaceStorage> {
  const { scope } = await openWorkspace(ctx, input, 'run:read')
  const only = 'projectId' in ctx.actor ? ctx.actor.projectId : null
  const projects = await listProjects(ctx.db, scope, { limit: PROJECTS_MAX, only })
  const counted = await count(
    ctx,
    scope,
    projects.map((project) => project.id),
  )
  const rows = projects.flatMap((project) => {
    const found = counted.get(project.id)
    return found ? [projectUse(project.slug, project.name, project.thin_after_days, found)] : []
  })
  const oldest = Math.min(ctx.services.now().getTime(), ...[...counted.values()].map((c) => c.atMs))
  return {
    projects: rows.sort((a, b) => b.total_bytes - a.total_bytes),
    measured_at: new Date(oldest).toISOString(),
    instance: await measureInstance(ctx),
  }
}

/**
 * What a project takes on disk, with its largest runs.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getProjectStorage(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
): Promise<ProjectStorage> {
  const { scope, project } = await openProject(ctx, input, 'run:read')
  const counted = (await count(ctx, scope, [project.id])).get(project.id) as Counted
  const largest = counted.runs
    .map(runUse)
    .sort((a, b) => b.total_bytes - a.total_bytes)
    .slice(0, LARGEST_RUNS)
  return {
    ...projectUse(project.slug, project.name, project.thinAfterDays, counted),
    largest_runs: largest,
    measured_at: new Date(counted.atMs).toISOString(),
  }
}

/**
 * What thinning runs that ended more than `days` ago would do now.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function previewThinning(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; days: number },
): Promise<ThinPreview> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const now = ctx.services.now().toISOString()
  const runs = await listThinnableRuns(ctx.db, scope, { now, days: input.days })
  const bytes = await measureRawBlocks(
    ctx.services.sql,
    runs.map((run) => run.id),
  )
  return { days: input.days, runs: runs.length, bytes }
}

/** Counts of these projects, each at most a minute old. */
async function count(ctx: Context, scope: Scope, projectIds: readonly number[]): Promise<Map<number, Counted>> {
  const known = counts.get(ctx.services) ?? new Map<number, Counted>()
  counts.set(ctx.services, known)
  const atMs = ctx.services.now().getTime()
  const isFresh = (id: number) => Math.abs(atMs - (known.get(id)?.atMs ?? Number.NEGATIVE_INFINITY)) < FRESH_MS
  // Counts name every run of a project: they are not kept for nobody.
  for (const id of known.keys()) if (!isFresh(id)) known.delete(id)
  const missing = projectIds.filter((id) => !known.has(id))
  const marks = await listRunMarks(ctx.db, scope, missing)
  const ids = marks.map((mark) => mark.id)
  const [bytes, summaries, files] = await Promise.all([
    measureRuns(ctx.services.sql, ids),
    countLatest(ctx.services.sql, ids),
    sumFiles(ctx.db, scope, missing),
  ])
  const bytesOf = new Map(bytes.map((row) => [row.runId, row]))
  for (const id of missing) {
    const runs = marks
      .filter((mark) => mark.project_id === id)
      .map((mark) => ({
        mark,
        bytes: bytesOf.get(mark.id) ?? nothing(mark.id),
        summaries: summaries.get(mark.id) ?? 0,
      }))
    known.set(id, { runs, files: files.get(id) ?? 0, atMs })
  }
  return new Map(projectIds.flatMap((id) => (known.has(id) ? [[id, known.get(id) as Counted]] : [])))
}

const nothing = (runId: number): RunBytes => ({
  runId,
  points: 0,
  tail: 0,
  tailPoints: 0,
  raw: 0,
  levels: 0,
  console: 0,
  rows: 0,
})

const ofRun = ({ mark, bytes, summaries }: Counted['runs'][number]): StoredBytes => ({
  unsealed: bytes.tail,
  raw: bytes.raw,
  levels: bytes.levels,
  summaries: summaryBytes(summaries),
  rows: rowBytes(bytes.rows, bytes.tail + bytes.raw + bytes.levels),
  console: bytes.console,
  artifacts: mark.artifact_bytes,
})

function use(points: number, bytes: StoredBytes) {
  const metric_bytes = bytes.unsealed + bytes.raw + bytes.levels + bytes.summaries + bytes.rows
  return {
    points,
    bytes,
    metric_bytes,
    total_bytes: metric_bytes + bytes.console + bytes.artifacts,
    bytes_per_point: points === 0 ? null : metric_bytes / points,
  }
}

function runUse(run: Counted['runs'][number]): RunUse {
  const { uid, number, name, deleted, thinned } = run.mark
  return { uid, number, name, deleted, thinned, ...use(run.bytes.points, ofRun(run)) }
}

function projectUse(slug: string, name: string, thinAfterDays: number | null, { runs, files }: Counted): ProjectUse {
  const total = (of: (run: Counted['runs'][number]) => number) => runs.reduce((sum, run) => sum + of(run), 0)
  const each = runs.map(ofRun)
  const sum = (key: keyof StoredBytes) => each.reduce((all, bytes) => all + bytes[key], 0)
  const bytes: StoredBytes = {
    unsealed: sum('unsealed'),
    raw: sum('raw'),
    levels: sum('levels'),
    summaries: sum('summaries'),
    rows: sum('rows'),
    console: sum('console'),
    // The same content of two runs lies there once.
    artifacts: files,
  }
  const told = use(
    total((run) => run.bytes.points),
    bytes,
  )
  return {
    project: slug,
    name,
    runs: total((run) => (run.mark.deleted ? 0 : 1)),
    deleted_runs: total((run) => (run.mark.deleted ? 1 : 0)),
    unsealed_runs: total((run) => (run.bytes.tailPoints > 0 ? 1 : 0)),
    unsealed_points: total((run) => run.bytes.tailPoints),
    ...told,
    bytes_per_million_points: told.bytes_per_point === null ? null : Math.round(told.bytes_per_point * 1_000_000),
    thin_after_days: thinAfterDays,
  }
}

/** All workspaces together: for who runs the instance. */
async function measureInstance(ctx: Context): Promise<WorkspaceStorage['instance']> {
  const { actor } = ctx
  if (!(actor.kind === 'operator' || (actor.kind === 'user' && actor.isInstanceAdmin))) return null
  const [{ tables, database }, free] = await Promise.all([
    measureTables(ctx.services.sql),
    ctx.services.blobs.freeBytes(),
  ])
  const sum = (of: (table: string) => boolean) =>
    tables.reduce((all, { table, bytes }) => all + (of(table) ? bytes : 0), 0)
  const isConsole = (table: string) => table === 'console_chunk'
  return { database, metrics: sum((table) => !isConsole(table)), console: sum(isConsole), free_disk: free }
}
