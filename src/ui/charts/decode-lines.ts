/** The lines of an answer as they came, their numbers in 64 bits. */
import type { ChartData, ChartGroup, ChartLine } from '#src/protocol/chart-body.ts'
import type { GroupShape } from './group-words.ts'
import type { Decoded, PreparedGroup } from './prepared-chart.ts'

/** A line is decoded once, however often the runs beside it come and go. */
const decoded = new WeakMap<ChartLine, Decoded>()

/** The line of a run. */
export function decodedOf(series: ChartLine): Decoded {
  const line = decoded.get(series) ?? plainSeries(series)
  decoded.set(series, line)
  return line
}

function plainSeries(series: ChartLine): Decoded {
  const { base } = series
  return {
    id: `${series.run_uid}/${series.metric}/${series.attempt ?? 'main'}/${series.superseded ? 'superseded' : 'kept'}`,
    run: series.run,
    group: null,
    metric: series.metric,
    attempt: series.attempt,
    isSuperseded: series.superseded,
    isMember: false,
    isExact: series.exact,
    nonFinite: series.non_finite,
    data: {
      x: series.x,
      y: widened(series.y, base),
      smoothed: series.smoothed === undefined ? null : widened(series.smoothed, base),
      low: series.min === undefined ? null : widened(series.min, base),
      high: series.max === undefined ? null : widened(series.max, base),
      nRuns: null,
    },
  }
}

/** The runs of groups as lines of their own, in the group's colour and without what only its line tells. */
export function membersOf({ series, groups }: ChartData, shape: GroupShape): Decoded[] {
  const names = [...new Set(groups.map((line) => line.group))]
  const groupOf = new Map<number, PreparedGroup>(
    groups.flatMap(({ group, runs }) =>
      runs.map((run) => [run, { name: group, order: names.indexOf(group), runs, shape }]),
    ),
  )
  return series.flatMap((line) => {
    const group = groupOf.get(line.run)
    if (line.superseded || !group) return []
    const { data, ...rest } = decodedOf(line)
    return [{ ...rest, group, isMember: true, nonFinite: [], data: { ...data, low: null, high: null } }]
  })
}

/** The lines of groups, in the order of the groups; their runs' own lines stay away. */
export function plainGroups({ groups }: ChartData, shape: GroupShape): Decoded[] {
  const names = [...new Set(groups.map((line) => line.group))]
  return groups.map((line: ChartGroup) => {
    const { base = 0 } = line
    return {
      id: `group ${line.group}/${line.metric}`,
      run: line.runs[0] ?? 0,
      group: { name: line.group, order: names.indexOf(line.group), runs: line.runs, shape },
      metric: line.metric,
      attempt: null,
      isSuperseded: false,
      isMember: false,
      isExact: false,
      nonFinite: [],
      data: {
        x: line.x,
        y: widened(line.center, base),
        smoothed: null,
        low: line.low === undefined ? null : widened(line.low, base),
        high: line.high === undefined ? null : widened(line.high, base),
        nRuns: line.n_runs,
      },
    }
  })
}

/** Reduced lines come in 32 bits, less what they all have in common. */
function widened(values: Float32Array | Float64Array, base: number): Float64Array {
  if (base === 0) return values instanceof Float64Array ? values : Float64Array.from(values)
  const wide = new Float64Array(values.length)
  for (let i = 0; i < wide.length; i++) wide[i] = (values[i] as number) + base
  return wide
}
