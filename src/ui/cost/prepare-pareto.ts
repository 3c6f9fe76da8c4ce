/** From what stages cost and what they bought to points, edges and the front. Pure; positions are px of a panel. */
import { certainlyDominates, paretoSplit } from '#src/core/forgetting/pareto.ts'
import type { Bought, BoughtCell, BoughtStage } from '#src/protocol/bought.ts'
import { innerScale, logScale, type Scale } from '#src/ui/charts/ticks.ts'

export const PARETO_X = ['money', 'time', 'tokens', 'energy', 'replay'] as const
export type ParetoX = (typeof PARETO_X)[number]

export const PARETO_X_WORDS: Readonly<Record<ParetoX, string>> = {
  money: 'path cost',
  time: 'path device time',
  tokens: 'path tokens',
  energy: 'path energy',
  replay: 'replay share',
}

export const AXIS_SCALES = ['linear', 'log'] as const
export type AxisScale = (typeof AXIS_SCALES)[number]

/** A value with its interval. */
export interface Reach {
  value: number
  low: number | null
  high: number | null
}

export interface ParetoPoint {
  stage: BoughtStage
  x: Reach
  y: Reach
  /** The gain on the target against the start of the stage is certain. */
  isCertain: boolean
  /** Nothing descends from it. */
  isLeaf: boolean
  isOnPath: boolean
}

export interface Panel {
  points: ParetoPoint[]
  /** Pairs of places in `points`: parent and child; `isOnPath` when both are. */
  edges: { from: number; to: number; isOnPath: boolean }[]
  /** Places in `points`, by x: nobody is better on one axis and as good on the other. */
  front: number[]
  /** Parallel to `points`: off the front, and whether another is better with its whole intervals. */
  standing: ('front' | 'dominated' | 'certainly dominated')[]
  /** Stages without a point, with what they lack. */
  leftOut: { name: string; why: string }[]
}

export interface PanelAsk {
  /** The chosen path's stages, by number. */
  path: ReadonlySet<number>
  x: (stage: BoughtStage) => Reach | string
  y: (stage: BoughtStage) => Reach | string
  lessX: boolean
  lessY: boolean
  /** The column whose gain says whether a point is filled. */
  target: number
}

/** The cell of a stage's own checkpoint. */
export const cellOfStage = (stage: BoughtStage, column: number): BoughtCell | null =>
  stage.points.find((point) => point.of_stage)?.cells[column] ?? null

/** The score of a stage on a benchmark, or why there is none. */
export function scoreOf(stage: BoughtStage, column: number, name: string): Reach | string {
  const cell = cellOfStage(stage, column)
  return cell ? { value: cell.score, low: cell.low, high: cell.high } : `${name} not measured`
}

/** Points of the stages that have both values; the others are named with what they lack. */
export function preparePanel(stages: readonly BoughtStage[], ask: PanelAsk): Panel {
  const parents = new Set(stages.flatMap((stage) => stage.parent ?? []))
  const points: ParetoPoint[] = []
  const leftOut: Panel['leftOut'] = []
  for (const stage of stages) {
    const [x, y] = [ask.x(stage), ask.y(stage)]
    const why = [x, y].filter((value) => typeof value === 'string')
    if (typeof x === 'string' || typeof y === 'string') {
      if (stage.state !== 'planned' && stage.state !== 'waiting')
        leftOut.push({ name: stage.experiment.name, why: why.join(', ') })
      continue
    }
    points.push({
      stage,
      x,
      y,
      isCertain: cellOfStage(stage, ask.target)?.change?.reading === 'gained',
      isLeaf: !parents.has(stage.experiment.number),
      isOnPath: ask.path.has(stage.experiment.number),
    })
  }
  const front = frontOf(points, ask.lessX, ask.lessY)
  return { points, edges: edgesOf(points), front, standing: standingOf(points, front, ask), leftOut }
}

/** Where each point stands: a claim that one is worse needs the intervals of both; a cost is exact. */
function standingOf(points: readonly ParetoPoint[], front: readonly number[], ask: PanelAsk): Panel['standing'] {
  const turned = ({ value, low, high }: Reach, isLess: boolean) => {
    const [a, b] = [low ?? value, high ?? value]
    return isLess ? { at: -value, low: -b, high: -a } : { at: value, low: a, high: b }
  }
  const intervals = points.map(({ x, y }, i) => {
    const [learn, retain] = [turned(y, ask.lessY), turned(x, ask.lessX)]
    const isKnown = y.low !== null && y.high !== null
    return {
      id: String(i),
      learn: learn.at,
      retain: retain.at,
      learnLow: isKnown ? learn.low : null,
      learnHigh: isKnown ? learn.high : null,
      retainLow: retain.low,
      retainHigh: retain.high,
    }
  })
  return intervals.map((point, i) => {
    if (intervals.some((other) => other !== point && certainlyDominates(other, point))) return 'certainly dominated'
    return front.includes(i) ? 'front' : 'dominated'
  })
}

function edgesOf(points: readonly ParetoPoint[]): Panel['edges'] {
  const places = new Map(points.map((point, i) => [point.stage.experiment.number, i]))
  return points.flatMap(({ stage, isOnPath }, to) => {
    const from = stage.parent === null ? undefined : places.get(stage.parent)
    return from === undefined ? [] : [{ from, to, isOnPath: isOnPath && (points[from]?.isOnPath ?? false) }]
  })
}

/** The front of the point estimates, by x. */
function frontOf(points: readonly ParetoPoint[], lessX: boolean, lessY: boolean): number[] {
  const split = paretoSplit(
    points.map(({ x, y }, i) => ({
      id: String(i),
      learn: lessY ? -y.value : y.value,
      retain: lessX ? -x.value : x.value,
    })),
  )
  return split.front.map(Number).sort((a, b) => (points[a]?.x.value ?? 0) - (points[b]?.x.value ?? 0))
}

/** An axis that holds values and intervals, with room at both ends. */
export function axisOf(reaches: readonly Reach[], also: readonly number[], count: number): Scale {
  const values = [...reaches.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]), ...also]
  if (values.length === 0) return { min: 0, max: 1, at: [] }
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const pad = (high - low || Math.abs(high) || 1) * 0.06
  return innerScale(low - pad, high + pad, count, false)
}

/** A logarithmic axis over values above 0, in log10 units. */
export function logAxisOf(values: readonly number[], count: number): Scale {
  const known = values.filter((value) => value > 0)
  return known.length === 0
    ? { min: 0, max: 1, at: [] }
    : logScale(Math.min(...known) * 0.94, Math.max(...known) * 1.06, count)
}

/** Corners of the front as a step line: what may be had at each x. */
export function frontSteps(panel: Panel, lessX: boolean): [x: number, y: number][] {
  const at = panel.front.flatMap((i) => panel.points[i] ?? [])
  const ordered = lessX ? at : [...at].reverse()
  return ordered.flatMap((point, i): [number, number][] => {
    const before = ordered[i - 1]
    const corner: [number, number] = [point.x.value, point.y.value]
    return before ? [[point.x.value, before.y.value], corner] : [corner]
  })
}

/**
 * The benchmarks of the picture when nobody chose: the one that most stages aim at, and of what is kept the corpus that the fewest aim
 * at, which says how far models drifted; null where nothing was measured.
 */
export function usualPair({ benchmarks, stages }: Bought): { target: number; kept: number } | null {
  if (benchmarks.length === 0) return null
  const aims = benchmarks.map(({ slug }) => stages.filter((stage) => stage.targets.includes(slug)).length)
  const columns = [...benchmarks.keys()]
  const target = columns.reduce((best, i) => ((aims[i] ?? 0) > (aims[best] ?? 0) ? i : best), 0)
  const others = columns.filter((i) => i !== target)
  const corpora = others.filter((i) => benchmarks[i]?.kind === 'loss')
  const [first = target, ...rest] = corpora.length > 0 ? corpora : others
  return { target, kept: rest.reduce((best, i) => ((aims[i] ?? 0) < (aims[best] ?? 0) ? i : best), first) }
}
