/** The panels of what was bought and their table. Pure. */
import { READING_WORDS } from '#src/core/evaluations/reading-words.ts'
import { formatCount } from '#src/core/format/count.ts'
import { formatNumber, formatPercent, formatValue } from '#src/core/format/number.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { Bought, BoughtStage } from '#src/protocol/bought.ts'
import type { ProjectCost } from '#src/protocol/cost.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'
import { axisWords, hoursOf, moneyIn, timeLack, type UnitChoice, valueWords } from '#src/ui/cost/cost-units.ts'
import { MEAN_KEPT, meanKept } from '#src/ui/cost/mean-kept.ts'
import type { PanelView } from '#src/ui/cost/pareto.tsx'
import {
  type AxisScale,
  cellOfStage,
  PARETO_X_WORDS,
  type Panel,
  type PanelAsk,
  type ParetoX,
  preparePanel,
  type Reach,
  scoreOf,
} from '#src/ui/cost/prepare-pareto.ts'
import { lackWord } from '#src/ui/cost/totals.ts'
import { prepareReplay, replayJoins } from '#src/ui/replay/prepare-replay.ts'

export interface BoughtChoice {
  x: ParetoX
  /** Columns of the benchmarks; of what is kept also `MEAN_KEPT`. */
  target: number
  kept: number
  /** Numbers of the chosen path's stages. */
  path: ReadonlySet<number>
  level: number | null
  /** How the cost lies on its axis, and a budget that is marked there, in the unit of the axis. */
  scale?: AxisScale
  budget?: number | null
  /** The stage whose start is the crosshair, by number. */
  leaf?: number
}

/** Replay is a share; the others are amounts, which may lie on a logarithmic axis and have a budget. */
export const isAmount = (x: ParetoX): boolean => x !== 'replay'

type Benchmark = Bought['benchmarks'][number]

const exact = (value: number): Reach => ({ value, low: null, high: null })

/** Seconds where all paths took less than an hour. */
const isShort = (whole: ProjectCost, { device }: UnitChoice): boolean =>
  whole.at_stage.every(({ hours }) => hoursOf(hours, device) < 1)

/** What the path to a stage is on the x axis, or why it is not known. */
function spentBy(whole: ProjectCost, choice: UnitChoice, x: ParetoX): (stage: BoughtStage) => Reach | string {
  const costs = new Map(whole.at_stage.map((at) => [at.experiment.number, at]))
  return (stage) => {
    if (x === 'tokens') return stage.tokens === null ? 'tokens not logged' : exact(stage.tokens)
    if (x === 'replay') return stage.replay === null ? 'no mixture' : exact(stage.replay)
    const at = costs.get(stage.experiment.number)
    if (!at) return 'cost not known'
    // Nothing was told of its hardware: the time is not known, which is not none.
    if (x === 'time' && at.hours.length === 0) return 'device time not told'
    const untold = timeLack(at.total, at.hours)
    if (x === 'time' && untold !== null) return untold
    if (x === 'time') return exact(hoursOf(at.hours, choice.device) * (isShort(whole, choice) ? 3600 : 1))
    if (x === 'energy') return at.wh === null ? 'energy not available on this machine' : exact(at.wh)
    // A path without the price of one of its stages looks cheaper than it is.
    const money = at.total.lacks.length > 0 ? null : moneyIn(at.total, choice.currency)
    return money === null ? lackWord(at.total) : exact(money)
  }
}

/** The unit in which a budget on the axis is given. */
export function axisUnit(whole: ProjectCost, choice: UnitChoice, x: ParetoX): string {
  switch (x) {
    case 'money':
      return choice.currency ?? 'money'
    case 'time':
      return isShort(whole, choice) ? 's' : 'h'
    case 'energy':
      return 'Wh'
    default:
      return x
  }
}

function xTextOf(choice: UnitChoice, x: ParetoX): (value: number) => string {
  switch (x) {
    case 'tokens':
      return formatCount
    case 'replay':
      return formatPercent
    case 'money':
      return (value) => valueWords(value, { ...choice, unit: 'money' })
    case 'energy':
      return (value) => valueWords(value, { ...choice, unit: 'energy' })
    case 'time':
      return formatValue
  }
}

function xWordOf(whole: ProjectCost, choice: UnitChoice, x: ParetoX): string {
  const unit = x === 'time' ? (isShort(whole, choice) ? ', s' : ', h') : ''
  return `${PARETO_X_WORDS[x]}${unit} →`
}

/** Cost and what is kept against the target; over replay both losses against the share that repeats earlier data. */
export function panelsOf(
  bought: Bought,
  whole: ProjectCost,
  choice: UnitChoice,
  ask: BoughtChoice,
): { panels: PanelView[]; yWords: string[]; isShared: boolean } {
  const { stages, benchmarks } = bought
  const target = benchmarks[ask.target]
  const kept = keptAxis(bought, ask)
  if (!target || !kept) return { panels: [], yWords: [], isShared: true }
  const scoreIn = (column: number, b: Benchmark) => (stage: BoughtStage) => scoreOf(stage, column, b.name)
  const spent = spentOnAxis(whole, choice, ask)
  const line = (b: Benchmark) => (b.chance ? { value: b.chance, word: 'chance' } : null)
  const yWord = (b: Benchmark) => `${directionArrow(b.higher_is_better)} ${b.name}`
  const base: Omit<PanelAsk, 'x' | 'y'> = {
    path: ask.path,
    lessX: true,
    lessY: !target.higher_is_better,
    target: ask.target,
  }
  const first: PanelView = {
    panel: preparePanel(stages, { ...base, x: spent, y: scoreIn(ask.target, target) }),
    xName: PARETO_X_WORDS[ask.x],
    xWord: xWordOf(whole, choice, ask.x),
    lessX: true,
    lessY: base.lessY,
    xText: xTextOf(choice, ask.x),
    yLine: line(target),
    yText: (reach) => reachWords(reach, target),
    ...(isAmount(ask.x) ? { xScale: ask.scale ?? 'linear', xLine: budgetLine(ask, xTextOf(choice, ask.x)) } : {}),
  }
  if (ask.x === 'replay') {
    const lessY = kept.isLess
    const panel = preparePanel(stages, { ...base, lessY, x: spent, y: kept.of })
    const joins = replayJoins(prepareReplay(bought, ask))
    return {
      panels: [
        { ...first, panel: joinedBy(first.panel, joins) },
        {
          ...first,
          panel: joinedBy(panel, joins),
          lessY,
          yLine: kept.line,
          yText: (reach) => reachWords(reach, kept.scale),
        },
      ],
      yWords: [yWord(target), `${directionArrow(!kept.isLess)} ${kept.name}`],
      isShared: false,
    }
  }
  const lessX = kept.isLess
  const second: PanelView = {
    ...first,
    panel: preparePanel(stages, { ...base, lessX, x: kept.of, y: scoreIn(ask.target, target) }),
    xName: kept.name,
    xWord: `${kept.name}, ${lessX ? 'lost →' : '← lost'}`,
    lessX,
    xText: (value) => formatValue(Number(value.toPrecision(3))),
    xScale: 'linear',
    xLine: null,
  }
  const panels = [first, second].map((view) => ({ ...view, cross: crossOf(view.panel, bought, ask) }))
  return { panels, yWords: [yWord(target)], isShared: true }
}

interface KeptAxis {
  name: string
  /** Null: a share of what there is to keep, as the mean is. */
  scale: Benchmark | null
  isLess: boolean
  of: (stage: BoughtStage) => Reach | string
  line: PanelView['yLine']
  words: string | null
}

/** What is kept: one benchmark, or the mean over the retention set with its coverage; null where the column is not there. */
export function keptAxis(bought: Bought, ask: Pick<BoughtChoice, 'kept' | 'target'>): KeptAxis | null {
  if (ask.kept !== MEAN_KEPT) {
    const kept = bought.benchmarks[ask.kept]
    if (!kept) return null
    return {
      name: kept.name,
      scale: kept,
      isLess: !kept.higher_is_better,
      of: (stage) => scoreOf(stage, ask.kept, kept.name),
      line: kept.chance ? { value: kept.chance, word: 'chance' } : null,
      words: null,
    }
  }
  const mean = meanKept(bought, ask.target)
  const apart = [
    mean.lacking.length > 0 ? `not measured at all of them: ${mean.lacking.join(', ')}` : null,
    mean.differing.length > 0 ? `under other protocols: ${mean.differing.join(', ')}` : null,
  ].filter((words) => words !== null)
  return {
    name: 'mean retention',
    scale: null,
    isLess: false,
    of: mean.of,
    line: null,
    words:
      mean.hidden === null
        ? `Mean retention: ${mean.used.length} of ${mean.set.length} kept benchmarks (${mean.used
            .map((column) => bought.benchmarks[column]?.name ?? '')
            .join(', ')}), 0 is chance, 1 the best there can be${apart.length > 0 ? `; ${apart.join('; ')}` : ''}.`
        : `Mean retention is not told: ${mean.hidden}.`,
  }
}

/** The budget as a line of equal cost; null without one. */
function budgetLine({ budget }: BoughtChoice, xText: (value: number) => string): PanelView['xLine'] {
  return budget == null || !(budget > 0) ? null : { value: budget, word: `budget ${xText(budget)}` }
}

/** The point of the stage that the chosen one started from. */
function crossOf({ points }: Panel, bought: Bought, { leaf }: BoughtChoice): PanelView['cross'] {
  const parent = bought.stages.find(({ experiment }) => experiment.number === leaf)?.parent
  const point = points.find(({ stage }) => stage.experiment.number === parent)
  return point ? { x: point.x.value, y: point.y.value, word: `start: ${point.stage.experiment.name}` } : null
}

/** A cost of 0 has no place on a logarithmic axis. */
function spentOnAxis(
  whole: ProjectCost,
  choice: UnitChoice,
  ask: BoughtChoice,
): (stage: BoughtStage) => Reach | string {
  const spent = spentBy(whole, choice, ask.x)
  if (ask.scale !== 'log' || !isAmount(ask.x)) return spent
  return (stage) => {
    const x = spent(stage)
    return typeof x !== 'string' && x.value <= 0 ? '0 has no place on a logarithmic axis' : x
  }
}

/** Points joined from share to share: along the lineage a share means nothing. */
function joinedBy(panel: Panel, joins: readonly [from: number, to: number][]): Panel {
  const places = new Map(panel.points.map(({ stage }, i) => [stage.experiment.number, i]))
  const edges = joins.flatMap(([a, b]) => {
    const [from, to] = [places.get(a), places.get(b)]
    return from === undefined || to === undefined ? [] : [{ from, to, isOnPath: true }]
  })
  return { ...panel, edges, front: [] }
}

/** "n 160, 95 %". */
export function nOf(bought: Bought, ask: BoughtChoice): string {
  const cells = bought.stages.flatMap((stage) => cellOfStage(stage, ask.target) ?? [])
  const counts = new Set(cells.map((cell) => cell.n))
  const [n] = counts
  const has = cells.some((cell) => cell.low !== null)
  const count = counts.size !== 1 || n === undefined ? null : n === null ? 'n not given' : `n ${n}`
  return [count, has ? '95 %' : 'no interval'].filter((word) => word !== null).join(', ')
}

/** "soup (cost not known), lora (price missing)": stages without a point in one of the panels; null when all have theirs. */
function lacksOf(panels: readonly Pick<PanelView, 'panel'>[]): string | null {
  const left = new Map(panels.flatMap(({ panel }) => panel.leftOut).map(({ name, why }) => [name, why]))
  return left.size === 0 ? null : [...left].map(([name, why]) => `${name} (${why})`).join(', ')
}

/** "Not drawn: soup (cost not known), lora (price missing)." Null when all are drawn. */
export function leftOutWords(panels: readonly PanelView[]): string | null {
  const lacks = lacksOf(panels)
  return lacks === null ? null : `Not drawn: ${lacks}.`
}

/** "No panel of path cost: soup (cost not known)." Of each panel without a point what is missing; null where all have points. */
export function absentWords(panels: readonly Pick<PanelView, 'panel' | 'xName'>[]): string | null {
  const absent = panels.filter(({ panel }) => panel.points.length === 0)
  const words = absent.map((view) => `No panel of ${view.xName}: ${lacksOf([view]) ?? 'no stage has begun'}.`)
  return words.length === 0 ? null : words.join(' ')
}

/** "0.539 (0.411 to 0.658)", or "83.9 (…)" where scores are in points; without an interval what is said in its place, if anything. */
export function reachWords({ value, low, high }: Reach, scale: Benchmark | null, without = ''): string {
  const print = (one: number) => formatNumber(one, scale === null ? 3 : digitsOf(scale, value))
  const interval = low === null || high === null ? without : `${print(low)} to ${print(high)}`
  return interval === '' ? print(value) : `${print(value)} (${interval})`
}

/** The points of both panels as a table. */
export function boughtTable(bought: Bought, whole: ProjectCost, choice: UnitChoice, ask: BoughtChoice): TableText {
  const target = bought.benchmarks[ask.target]
  const kept = keptAxis(bought, ask)
  const { panels } = panelsOf(bought, whole, choice, ask)
  const standings = panels.map(
    ({ panel }) => new Map(panel.points.map(({ stage }, i) => [stage.experiment.number, panel.standing[i]])),
  )
  const spent = spentBy(whole, choice, ask.x)
  const xText = xTextOf(choice, ask.x)
  const words = (reach: Reach | string, scale: Benchmark | null) =>
    typeof reach === 'string' ? reach : reachWords(reach, scale, READING_WORDS.no_interval)
  const score = (stage: BoughtStage) => {
    const cell = cellOfStage(stage, ask.target)
    return cell && target ? words({ value: cell.score, low: cell.low, high: cell.high }, target) : 'not measured'
  }
  const budget = isAmount(ask.x) && ask.budget != null && ask.budget > 0 ? ask.budget : null
  const shown = bought.stages.filter((stage) => stage.state !== 'planned' && stage.state !== 'waiting')
  const unit = ask.x === 'time' ? (isShort(whole, choice) ? ', s' : ', h') : ''
  return {
    title: `What the stages bought: ${target?.name ?? ''} and ${kept?.name ?? ''} against ${PARETO_X_WORDS[ask.x]}`,
    table: {
      columns: [
        { name: 'Stage', align: 'left' },
        { name: `${PARETO_X_WORDS[ask.x]}${unit}`, align: 'right' },
        { name: target?.name ?? '', align: 'right' },
        { name: 'Gain', align: 'left' },
        { name: kept?.name ?? '', align: 'right' },
        { name: 'For its cost', align: 'left' },
        ...(ask.x === 'replay' ? [] : [{ name: 'For what it kept', align: 'left' as const }]),
        ...(budget === null ? [] : [{ name: `Budget ${xText(budget)}`, align: 'left' as const }]),
      ],
      rows: shown.map((stage) => {
        const x = spent(stage)
        const reading = cellOfStage(stage, ask.target)?.change?.reading
        return [
          { text: stage.experiment.name },
          { text: typeof x === 'string' ? x : xText(x.value) },
          { text: score(stage) },
          { text: stage.parent === null ? 'root' : reading ? READING_WORDS[reading] : 'not compared' },
          { text: kept ? words(kept.of(stage), kept.scale) : '' },
          ...(ask.x === 'replay' ? standings.slice(0, 1) : standings).map((standing) => ({
            text: standing.get(stage.experiment.number) ?? 'not drawn',
          })),
          ...(budget === null
            ? []
            : [{ text: typeof x === 'string' ? 'not known' : x.value <= budget ? 'within' : 'above' }]),
        ]
      }),
    },
    footRows: 0,
    notes: [
      `${nOf(bought, ask)}; a gain is certain when its interval against the start of the stage leaves out 0.`,
      ...(kept?.words ? [kept.words] : []),
      'Front and dominated are of the estimates; certainly dominated where another is better with the whole of both intervals.',
      `x: ${PARETO_X_WORDS[ask.x]}${ask.x === 'time' ? `, ${axisWords({ ...choice, unit: 'time' })}` : ''}, full view, shared ancestors once.`,
    ],
  }
}
