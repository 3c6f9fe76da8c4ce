/** Which lines a chart of a run has: its metrics in the default view, and what was superseded where that is asked for. */
import { isTelemetryKey } from '../../../core/metrics/metric-key.ts'
import type { XPlaces } from '../../../core/metrics/x-axis.ts'
import type { WorkspaceKeys } from '../key-dictionary.ts'
import type { ChartedRun, SeriesRequest } from '../store.ts'
import { defaultSegments, type RunSnapshot, type Segment, scanHead, supersededSegments } from './line-source.ts'
import type { OpenRuns } from './stored-points.ts'
import { axisKeyOf, axisSegments, type PlacedRun } from './x-places.ts'

/** One line to be drawn. */
export interface Line {
  run: ChartedRun
  snapshot: RunSnapshot
  metric: string
  metricId: number
  /** The attempt of which superseded points are shown; null: the default view. */
  attempt: number | null
  segments: readonly Segment[]
  /** Exact places of this line, where its axis was read again for it. */
  ownPlaces: XPlaces | null
}

interface Opening {
  request: SeriesRequest
  run: ChartedRun
  snapshot: RunSnapshot
  names: readonly string[]
  keys: WorkspaceKeys
  runs: OpenRuns
  /** Takes the run's lines. */
  lines: Line[]
}

/** The run with its axis; its lines are put behind those of the runs before it. */
export function openRun({ request, run, snapshot, names, keys, runs, lines }: Opening): PlacedRun {
  const axisKey = axisKeyOf(request, run)
  const idOf = (name: string) => keys.ids.get(name) as number
  const wanted = new Set(names.map(idOf))
  const axisId = axisKey === null ? undefined : keys.ids.get(axisKey)
  if (axisId !== undefined) wanted.add(axisId)
  const head = scanHead(snapshot.rows, wanted)
  const headOf = (id: number) => head.get(id) ?? new Map()
  const segments = new Map<string, Segment[]>()
  const base = { run, snapshot, ownPlaces: null }
  for (const name of names) {
    const id = idOf(name)
    const sealed = runs.sealedOf(run.id, id)
    if (sealed.length === 0 && !head.has(id)) continue
    const shown = defaultSegments(snapshot, isTelemetryKey(name), sealed, headOf(id))
    segments.set(name, shown)
    lines.push({ ...base, metric: name, metricId: id, attempt: null, segments: shown })
  }
  if (request.superseded) {
    const hidden = [...segments.keys()].flatMap((name) => {
      if (isTelemetryKey(name)) return []
      const id = idOf(name)
      return supersededSegments(snapshot, runs.sealedOf(run.id, id), headOf(id)).map((segment) => ({
        name,
        id,
        segment,
      }))
    })
    for (const { name, id, segment } of hidden.toSorted((a, b) => a.segment.attempt - b.segment.attempt))
      lines.push({ ...base, metric: name, metricId: id, attempt: segment.attempt, segments: [segment] })
  }
  const axis =
    axisId === undefined || axisKey === null
      ? null
      : {
          metricId: axisId,
          segments: axisSegments(snapshot, axisKey, runs.sealedOf(run.id, axisId), headOf(axisId)),
        }
  return { run, snapshot, segments, axis }
}
