/** Which stage trains where on an axis that runs through a whole lineage. */
import { isLineageAxis } from '#src/core/metrics/chart-choices.ts'
import type { PreparedChart } from './prepared-chart.ts'

export interface StageBand {
  kind: string
  from: number
  to: number
}

/**
 * A band per stretch of one kind of stage, from the first to the last point of its runs; it ends where the next one begins, so that
 * forks of one kind share theirs. Ascending; nothing on an axis that each run begins anew.
 *
 * @param kindOf the kind of the stage of a run, by its number; undefined: unknown
 */
export function stageBands(
  { axis, lines }: Pick<PreparedChart, 'axis' | 'lines'>,
  kindOf: (run: number) => string | undefined,
): StageBand[] {
  if (!isLineageAxis(axis)) return []
  const spans = lines
    .filter((line) => !line.isSuperseded)
    .flatMap(({ run, data }) => {
      const kind = kindOf(run)
      const from = data.x[0]
      const to = data.x.at(-1)
      return kind === undefined || from === undefined || to === undefined ? [] : [{ kind, from, to }]
    })
    .sort((a, b) => a.from - b.from || a.to - b.to)
  const bands: StageBand[] = []
  for (const span of spans) {
    const last = bands.at(-1)
    if (last && last.kind === span.kind) last.to = Math.max(last.to, span.to)
    else {
      if (last) last.to = Math.min(last.to, span.from)
      bands.push({ ...span })
    }
  }
  return bands.filter((band) => band.to > band.from)
}
