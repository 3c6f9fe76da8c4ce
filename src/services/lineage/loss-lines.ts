import { groupBy } from '#src/core/lineage/group-by.ts'
import { firstOf, LOSS_KEYS } from '#src/core/lineage/loss-keys.ts'
import { lineEnd, thinLine } from '#src/core/lineage/thin-line.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import type { StageRunRow } from '#src/db/queries/lineage/list-stage-runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { ChartSeries } from '#src/protocol/chart.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import type { Context } from '#src/services/context.ts'

export interface LossLine {
  key: string
  run: number
  x: number[]
  y: (number | null)[]
  last: number | null
}

/** Points of the line that a card draws. */
const POINTS = 120

/** The loss of each run that logs one, thinned for a card; by run id. */
export async function lossLines(
  ctx: Context,
  scope: ProjectScope,
  runs: readonly StageRunRow[],
  summaries: ReadonlyMap<number, MetricSummary[]>,
): Promise<Map<number, LossLine>> {
  const keyed = runs.flatMap((run) => {
    const key = lossKey(summaries.get(run.id) ?? [])
    return key === undefined ? [] : [{ run, key }]
  })
  const lines = new Map<number, LossLine>()
  for (const [key, group] of groupBy(keyed, (item) => item.key)) {
    const series = await ctx.services.metrics.chart({
      workspaceId: scope.workspaceId,
      runs: group.map(({ run }) => ({
        id: run.id,
        number: run.number,
        uid: run.uid,
        startedAtMs: run.started_at === null ? null : millisOf(run.started_at),
      })),
      metrics: [key],
      x: 'step',
      px: POINTS,
      superseded: false,
    })
    const ids = new Map(group.map(({ run }) => [run.uid, run.id]))
    for (const [uid, parts] of groupBy(series, (s) => s.run_uid)) {
      const id = ids.get(uid)
      const line = lineOf(key, parts)
      if (id !== undefined && line) lines.set(id, line)
    }
  }
  return lines
}

/** The name under which a run logs its loss. */
export const lossKey = (summaries: readonly MetricSummary[]): string | undefined => {
  const names = new Set(summaries.map((s) => s.key))
  return firstOf(LOSS_KEYS, (name) => (names.has(name) ? name : undefined))
}

/** One line of all attempts' pieces, in the order of their steps. */
function lineOf(key: string, parts: readonly ChartSeries[]): LossLine | null {
  const [first] = parts
  if (!first) return null
  const points = parts
    .flatMap((part) => {
      const x = floats(part.x, 8)
      const y = floats(part.y, part.exact ? 8 : 4)
      return Array.from(x, (at, i) => ({ x: at, y: y[i] ?? Number.NaN }))
    })
    .sort((a, b) => a.x - b.x)
  const line = thinLine(
    points.map((p) => p.x),
    points.map((p) => p.y),
    POINTS,
  )
  return { key, run: first.run, ...line, last: lineEnd(line.y) }
}

/** Little-endian numbers of 8 or 4 bytes, as a chart sends them. */
function floats(base64: string, width: 4 | 8): number[] {
  const bytes = Buffer.from(base64, 'base64')
  return Array.from({ length: bytes.length / width }, (_, i) =>
    width === 8 ? bytes.readDoubleLE(8 * i) : bytes.readFloatLE(4 * i),
  )
}
