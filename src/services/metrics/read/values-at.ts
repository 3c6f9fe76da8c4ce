import type { Span } from '../../../core/blocks/plan-levels.ts'
import { defaultSegments, lowerBound, type Segment, scanHead } from './line-source.ts'
import { type PlannedLine, planLine, type ReadLine } from './read-line.ts'
import type { OpenRuns, StoredPoints } from './stored-points.ts'

/** Metrics read at once: of a run with thousands of them all blocks would be too much. */
const METRICS_AT_ONCE = 200

/**
 * The last value of each of these metrics at or before each of these steps, in the default view; in the order of `steps`. Of sealed
 * points only the blocks in which such a value lies are read.
 */
export async function readValuesAt(
  stored: StoredPoints,
  runId: number,
  steps: readonly number[],
  metricIds: readonly number[],
): Promise<Map<number, number>[]> {
  const values = steps.map(() => new Map<number, number>())
  for (let at = 0; at < metricIds.length; at += METRICS_AT_ONCE) {
    const some = metricIds.slice(at, at + METRICS_AT_ONCE)
    const found = await stored.read([runId], some, (runs) => readSome(stored, runs, runId, { steps, metricIds: some }))
    for (const [id, ofMetric] of found)
      for (const [i, value] of ofMetric.entries()) if (value !== null) values[i]?.set(id, value)
  }
  return values
}

async function readSome(
  stored: StoredPoints,
  runs: OpenRuns,
  runId: number,
  { steps, metricIds }: { steps: readonly number[]; metricIds: readonly number[] },
): Promise<Map<number, (number | null)[]>> {
  const run = runs.snapshots.get(runId)
  if (!run) return new Map()
  const head = scanHead(run.rows, new Set(metricIds))
  const bounds = [...new Set(steps)].sort((a, b) => a - b)
  const lines: { id: number; line: PlannedLine }[] = []
  for (const id of metricIds) {
    const segments = defaultSegments(run, false, runs.sealedOf(runId, id), head.get(id) ?? new Map())
    const spans = united(segments.flatMap((segment) => bounds.flatMap((bound) => candidate(segment, bound) ?? [])))
    if (spans.length === 0) continue
    const reach = { by: 'step', spans } as const
    lines.push({
      id,
      line: planLine({ run, metricId: id, segments, reach, wantsTimes: false, levelOf: () => 0 }),
    })
  }
  const read = await stored.fetch(lines.map(({ line }) => line))
  return new Map(lines.map(({ id }, i) => [id, steps.map((step) => lastUpTo(read[i] as ReadLine, step))]))
}

/** Steps in which this attempt's last value at or before `bound` lies, if it has one. */
function candidate({ sealed, head, spans }: Segment, bound: number): Span | null {
  if ((spans[0]?.from ?? 0) > bound) return null
  const froms: number[] = []
  const inHead = lowerBound(head.steps, bound, true) - 1
  if (inHead >= 0) froms.push(head.steps[inHead] as number)
  if (sealed) {
    const block = lowerBound(sealed.index.step0, Math.min(bound, spans.at(-1)?.to ?? bound), true) - 1
    if (block >= 0) froms.push(sealed.index.step0[block] as number)
  }
  return froms.length === 0 ? null : { from: Math.min(...froms), to: bound }
}

/** Ascending and apart. */
function united(spans: readonly Span[]): Span[] {
  const out: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1)
    if (last && span.from <= last.to + 1) last.to = Math.max(last.to, span.to)
    else out.push({ ...span })
  }
  return out
}

function lastUpTo({ pieces }: ReadLine, bound: number): number | null {
  let best: { step: number; value: number } | null = null
  for (const piece of pieces) {
    const at = lowerBound(piece.steps, bound, true) - 1
    const step = piece.steps[at]
    if (step === undefined || (best && step < best.step)) continue
    best = { step, value: (piece.kind === 'points' ? piece.values[at] : piece.mean[at]) as number }
  }
  return best?.value ?? null
}
