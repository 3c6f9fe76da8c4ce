import { EXACT_POINTS_PER_PX } from '../../../core/metrics/downsample.ts'
import type { Reach } from '../../../core/metrics/x-axis.ts'
import type { WorkspaceKeys } from '../key-dictionary.ts'
import type { DrawnChart, SeriesRequest } from '../store.ts'
import { Breath } from './breath.ts'
import { drawLines } from './draw-lines.ts'
import { type Line, openRun } from './open-lines.ts'
import { type PlacedLine, placeLine } from './place-line.ts'
import { axisLevelRule, levelRule, planDrawn } from './plan-drawn.ts'
import type { PlannedLine, ReadLine } from './read-line.ts'
import type { StoredPoints } from './stored-points.ts'
import { axisKeyOf, axisPlaces, makePlaces, movedBy, type PlacedRun, planAxis, type RunPlaces } from './x-places.ts'

/** The lines of a chart, by run and metric in the order asked for; metrics that a run does not have are left out. */
export async function drawChart(
  request: SeriesRequest,
  stored: StoredPoints,
  keys: WorkspaceKeys,
): Promise<DrawnChart> {
  const names = [...new Set(request.metrics)].filter((name) => keys.ids.has(name))
  const axisNames = request.runs.flatMap((run) => axisKeyOf(request, run) ?? [])
  const ids = [...new Set([...names, ...axisNames])].flatMap((name) => keys.ids.get(name) ?? [])
  const runIds = request.runs.map((run) => run.id)
  return stored.read(runIds, ids, async (runs) => {
    const breath = new Breath()
    const lines: Line[] = []
    const placed: PlacedRun[] = []
    for (const run of request.runs) {
      if (breath.isDue) await breath.take()
      const snapshot = runs.snapshots.get(run.id)
      if (snapshot) placed.push(openRun({ request, run, snapshot, names, keys, runs, lines }))
    }
    const rule = levelRule(request)
    const fetch = (planned: readonly PlannedLine[]) => stored.fetch(planned)
    const places = await makePlaces(request, placed, fetch, axisLevelRule(request))
    const placesOf = new Map(placed.map(({ run }, i) => [run.id, places[i] as RunPlaces]))
    const planned = lines.map((line) => planDrawn(request, line, placesOf.get(line.run.id) as RunPlaces, rule))
    const read = await stored.fetch(planned)
    await joinExactly(request, { lines, planned, placed, placesOf }, read, fetch)
    const drawn: PlacedLine[] = []
    for (const [i, line] of lines.entries()) {
      if (breath.isDue) await breath.take()
      // Superseded lines without a point are none.
      if (line.attempt === null || (read[i] as ReadLine).nTotal > 0)
        drawn.push(placeLine(request, line, planned[i] as PlannedLine, read[i] as ReadLine, placesOf))
    }
    return drawLines(request, drawn, breath)
  })
}

/** Points join their axis at their very steps: where that was read by buckets, its points are read for the lines that are exact. */
async function joinExactly(
  { px, x }: SeriesRequest,
  {
    lines,
    planned,
    placed,
    placesOf,
  }: { lines: Line[]; planned: PlannedLine[]; placed: PlacedRun[]; placesOf: Map<number, RunPlaces> },
  read: readonly ReadLine[],
  fetch: (planned: readonly PlannedLine[]) => Promise<ReadLine[]>,
): Promise<void> {
  const runs = new Map(placed.map((run) => [run.run.id, run]))
  const asked: { line: Line; axis: PlannedLine }[] = []
  for (const [i, line] of lines.entries()) {
    const { axisSegments: coarse } = placesOf.get(line.run.id) as RunPlaces
    const axis = runs.get(line.run.id)?.axis
    if (!coarse || !axis || planned[i]?.level !== 0) continue
    const steps = (read[i] as ReadLine).pieces.flatMap((piece) => [piece.steps[0] ?? 0, piece.steps.at(-1) ?? 0])
    if (steps.length === 0 || countPoints(read[i] as ReadLine) > EXACT_POINTS_PER_PX * px + 2 * 4096) continue
    const reach: Reach = { by: 'step', spans: [{ from: Math.min(...steps), to: Math.max(...steps) }] }
    asked.push({ line, axis: planAxis(line.snapshot, axis, reach, () => 0) })
  }
  const axes = await fetch(asked.map(({ axis }) => axis))
  for (const [i, { line }] of asked.entries()) {
    const { offset, per } = movedBy(x, line.run)
    line.ownPlaces = axisPlaces(axes[i] as ReadLine, line.snapshot, offset, per)
  }
}

const countPoints = ({ pieces }: ReadLine): number => pieces.reduce((n, piece) => n + piece.steps.length, 0)
