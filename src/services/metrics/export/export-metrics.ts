import type { ExportFormat } from '../../../core/metrics/export-formats.ts'
import { type ExportPlace, parsePlace } from '../../../core/metrics/export-place.ts'
import { readKeyList } from '../../../core/metrics/key-list.ts'
import type { PointRows } from '../../../core/metrics/point-rows.ts'
import { readRunList, writeRunList } from '../../../core/runs/run-list.ts'
import { listExportRuns, listThinnedRuns, type NamedRuns } from '../../../db/queries/runs/list-export-runs.ts'
import type { ProjectScope } from '../../../db/scope.ts'
import type { ExportQuery } from '../../../protocol/export.ts'
import { Uid } from '../../../protocol/words.ts'
import type { Context } from '../../context.ts'
import { invalid, notFound } from '../../errors.ts'
import { openRun } from '../../runs/open.ts'
import { openProject } from '../../workspaces/open.ts'
import { type ExportPlan, exportedPoints } from './exported-points.ts'
import { parquetFile } from './parquet-file.ts'
import { textFile } from './text-file.ts'

/** Ranges of thinned runs that are named; of more it says that there are more. */
const THINNED_NAMED_MAX = 100
const THINNED_READ_MAX = 10_000

/** A run by its uid, or runs of a project; `workspace` where the actor is a user. */
export type ExportInput = ExportQuery &
  ({ run: string } | { workspace?: string | undefined; project: string; runs?: string | undefined })

export interface MetricExport {
  format: ExportFormat
  /** Without the extension. */
  name: string
  /** Numbers of runs of which raw points were thinned out, as ranges; null when there are none. */
  thinned: string | null
  /** Read as it is asked for: nothing is read ahead. */
  bytes: AsyncIterable<Uint8Array>
}

/**
 * Raw points of a run, of several runs or of a whole project, in the order of run, metric key, attempt and step. Each series is read as
 * of the moment in which the export comes to it.
 *
 * @throws Refusal `not_found`, also when none of the named runs is there; `forbidden`; `invalid_request` for a bad list of runs, a bad
 *   cursor, and `from` behind `to`
 */
export async function exportMetrics(ctx: Context, input: ExportInput): Promise<MetricExport> {
  const { scope, named, name } = await openPlace(ctx, input)
  const plan: ExportPlan = {
    scope,
    named,
    metrics: input.metrics === undefined ? null : new Set(readKeyList(input.metrics)),
    attempts: input.attempts,
    from: input.from ?? 0,
    to: input.to ?? Number.MAX_SAFE_INTEGER,
    after: readPlace(input.cursor),
    limit: input.limit ?? Number.POSITIVE_INFINITY,
  }
  if (plan.from > plan.to)
    throw invalid('/query/from', `from (${plan.from}) lies behind to (${plan.to}). Exchange them.`)
  const thinned = await listThinnedRuns(ctx.db, scope, { named, limit: THINNED_READ_MAX })
  const told = thinned.length > 0 ? writeRunList(thinned, THINNED_NAMED_MAX) : null
  return { format: input.format, name, thinned: told, bytes: fileOf(input, plan, exportedPoints(ctx, plan), told) }
}

async function openPlace(
  ctx: Context,
  input: ExportInput,
): Promise<{ scope: ProjectScope; named: NamedRuns | null; name: string }> {
  if ('run' in input) {
    const { scope, run } = await openRun(ctx, input.run, 'metric:read')
    return { scope, named: { ranges: [[run.number, run.number]], uids: [] }, name: `run-${run.number}` }
  }
  const { scope, project } = await openProject(ctx, input, 'metric:read')
  if (input.runs === undefined) return { scope, named: null, name: project.slug }
  const named = readRuns(input.runs)
  const [first] = await listExportRuns(ctx.db, scope, { named, after: 0, limit: 1 })
  const [range] = named.ranges
  const isOne = named.uids.length === 0 && named.ranges.length === 1 && range?.[0] === range?.[1]
  if (!first) throw notFound(isOne ? `Run ${range?.[0]}` : 'None of these runs')
  return { scope, named, name: isOne ? `${project.slug}-run-${first.number}` : `${project.slug}-runs` }
}

function readRuns(text: string): NamedRuns {
  const list = readRunList(text)
  if ('wrong' in list)
    throw invalid('/query/runs', `"${list.wrong}" must be a run number or a range, the smaller number first.`)
  const uids = list.names.map((name) => {
    const uid = Uid.safeParse(name)
    if (uid.success) return uid.data
    throw invalid('/query/runs', `"${name.slice(0, 80)}" is neither the number nor the uid of a run.`)
  })
  return { ranges: list.ranges, uids }
}

function readPlace(cursor: string | undefined): ExportPlace | null {
  if (cursor === undefined) return null
  const place = parsePlace(cursor)
  if (place) return place
  throw invalid('/query/cursor', 'The cursor must be run:attempt:step:metric of the last row, as 17:1:1200:train/loss.')
}

function fileOf(
  { format, header }: ExportQuery,
  plan: ExportPlan,
  points: AsyncIterable<PointRows>,
  thinned: string | null,
): AsyncIterable<Uint8Array> {
  const superseded = plan.attempts === 'all'
  if (format === 'parquet') return parquetFile(points, { superseded, limit: plan.limit, thinned })
  return textFile(points, { format, superseded, head: header === 'true' })
}
