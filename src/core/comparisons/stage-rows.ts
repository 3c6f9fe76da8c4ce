/** Stages side by side, row by row: how each was made and what it cost. Pure: facts in, words out. */

import type { Plan } from '../experiments/fields.ts'
import { MITIGATION_WORDS, type Mitigation } from '../experiments/mitigations.ts'
import { formatCount, formatExactCount } from '../format/count.ts'
import { formatDuration, formatHours } from '../format/duration.ts'
import { formatMoney } from '../format/money.ts'
import { formatPercent, formatValue } from '../format/number.ts'
import type { TrainingSettings } from './read-settings.ts'

/** So many stages stand side by side. */
export const COMPARED_MIN = 2
export const COMPARED_MAX = 5

/** Why a cell has no measured value. */
export const MISSING_WORDS = ['not measured', 'not told', 'not set', 'price missing', 'not published'] as const
export type MissingWord = (typeof MISSING_WORDS)[number]

export interface ComparedCell {
  /** As measured or told; null: `missing` says why. */
  text: string | null
  /** As planned, where a plan says so and it differs from what was measured. */
  planned: string | null
  /** How it stands to the baseline, "+9 %"; null for the baseline, or where there is nothing to compare. */
  relative: string | null
  missing: MissingWord | null
}

export interface ComparedRow {
  key: string
  label: string
  cells: readonly ComparedCell[]
  /** False: all stages say the same, and the row may be hidden. */
  differs: boolean
}

/** What rows are made of. Null: nobody told it. */
export interface StageFacts {
  kind: string
  method: string | null
  goal: string | null
  objective: string | null
  lossMask: string | null
  mixture: readonly { source: string; role: string; share: number }[]
  /** What was done against forgetting; empty: nothing says that anything was. */
  mitigations: readonly Mitigation[]
  params: number | null
  trainableParams: number | null
  adapter: string | null
  globalBatch: number | null
  sequenceLength: number | null
  precision: string | null
  /** Of the run that speaks for the stage; null: nothing ran. */
  settings: TrainingSettings | null
  /** "2 × H100" */
  devices: string | null
  wallS: number | null
  deviceHours: number | null
  steps: number | null
  /** Of this stage alone, and along its path. */
  tokens: number | null
  tokensTotal: number | null
  cost: Money
  pathCost: Money
  plan: Plan | null
  /** Its checkpoint came from somebody's publication, without a run. */
  isPublished: boolean
}

/** Money as it is printed; the amount only where it is known whole and in one currency. */
export interface Money {
  text: string | null
  amount: number | null
  currency: string | null
  /** Why there is no text, where that is known. */
  missing: MissingWord | null
}

/** Rows of "How": data, objective, method, optimiser, learning rate, hardware, duration, and all other settings. */
export function howRows(stages: readonly StageFacts[]): ComparedRow[] {
  const settings = (pick: (s: TrainingSettings) => string | null) => (stage: StageFacts) =>
    stage.settings === null ? null : pick(stage.settings)
  const rows = [
    told('kind', 'Stage', stages, (s) => s.kind),
    told('goal', 'Goal', stages, (s) => s.goal),
    told('method', 'Method', stages, (s) => s.method),
    told('adapter', 'Adapter', stages, (s) => s.adapter),
    told('trainable', 'Trainable', stages, trainableWords),
    told('objective', 'Objective', stages, (s) => s.objective),
    told('loss-mask', 'Loss on', stages, (s) => s.lossMask),
    told('data', 'Data', stages, mixtureWords),
    told('replay', 'Replay', stages, replayWords),
    told('mitigations', 'Against forgetting', stages, mitigationWords),
    told('batch', 'Samples a step', stages, (s) => (s.globalBatch === null ? null : formatExactCount(s.globalBatch))),
    told('sequence', 'Sequence length', stages, (s) =>
      s.sequenceLength === null ? null : formatExactCount(s.sequenceLength),
    ),
    told('precision', 'Precision', stages, (s) => s.precision),
    told(
      'optimiser',
      'Optimiser',
      stages,
      settings((s) => s.optimiser),
    ),
    told(
      'learning-rate',
      'Peak learning rate',
      stages,
      settings((s) => (s.learningRate === null ? null : formatValue(s.learningRate))),
    ),
    told(
      'schedule',
      'Schedule',
      stages,
      settings((s) => s.schedule),
    ),
    told(
      'warmup',
      'Warm-up',
      stages,
      settings(({ warmup }) => warmupWords(warmup)),
    ),
    told(
      'weight-decay',
      'Weight decay',
      stages,
      settings((s) => (s.weightDecay === null ? null : formatValue(s.weightDecay))),
    ),
    measured(
      'hardware',
      'Hardware',
      stages,
      (s) => s.devices,
      (plan) => plannedDevices(plan),
    ),
    measured(
      'steps',
      'Steps',
      stages,
      (s) => (s.steps === null ? null : formatExactCount(s.steps)),
      (plan) => (plan.steps === undefined ? null : formatExactCount(plan.steps)),
    ),
    measured(
      'duration',
      'Duration',
      stages,
      (s) => (s.wallS === null ? null : formatDuration(s.wallS)),
      (plan) => (plan.hours === undefined ? null : formatDuration(plan.hours * 3600)),
    ),
  ]
  const names = [...new Set(stages.flatMap((stage) => Object.keys(stage.settings?.rest ?? {})))]
  const rest = names
    .map((name) => settingRow(name, stages))
    .filter((setting) => !rows.some((row) => saysTheSame(row, setting)))
  return [...rows, planNotes(stages), ...rest].filter(isSaid)
}

/** Rows of "Cost": time, devices, tokens and money, of the stage and of its whole path, each against the baseline's. */
export function costRows(stages: readonly StageFacts[], baseline: number): ComparedRow[] {
  const row = (
    key: string,
    label: string,
    read: (stage: StageFacts) => Omit<Money, 'missing'> & { missing?: MissingWord | null },
    planned: (plan: Plan) => string | null = () => null,
  ): ComparedRow => {
    const base = stages[baseline] ? read(stages[baseline]) : null
    return rowOf(
      key,
      label,
      stages.map((stage, i) => {
        const own = read(stage)
        const plan = stage.plan === null ? null : planned(stage.plan)
        return {
          text: own.text,
          planned: plan === own.text ? null : plan,
          relative: i === baseline ? null : relativeWords(own, base),
          missing: own.text === null ? (own.missing ?? missingMeasure(stage)) : null,
        }
      }),
    )
  }
  const count = (value: number | null, print: (value: number) => string) => ({
    text: value === null ? null : print(value),
    amount: value,
    currency: null,
  })
  const money = (of: Money, stage: StageFacts): Money => ({
    ...of,
    missing: of.missing ?? (stage.deviceHours === null ? null : 'price missing'),
  })
  return [
    row(
      'wall',
      'Wall time',
      (s) => count(s.wallS, formatDuration),
      (p) => (p.hours === undefined ? null : formatDuration(p.hours * 3600)),
    ),
    row(
      'device-hours',
      'Device-hours',
      (s) => count(s.deviceHours, formatHours),
      (p) => (p.hours === undefined || p.device_count === undefined ? null : formatHours(p.hours * p.device_count)),
    ),
    row(
      'tokens',
      'Tokens, this stage',
      (s) => count(s.tokens, formatCount),
      (p) => (p.tokens === undefined ? null : formatCount(p.tokens)),
    ),
    row('tokens-path', 'Tokens, whole path', (s) => count(s.tokensTotal, formatCount)),
    row(
      'cost',
      'Cost, this stage',
      (s) => money(s.cost, s),
      (p) => (p.money ? formatMoney(p.money) : null),
    ),
    row('cost-path', 'Cost, whole path', (s) => money(s.pathCost, s)),
  ]
}

/** What a plan says in words, such as ranges that are no numbers. */
const planNotes = (stages: readonly StageFacts[]): ComparedRow =>
  rowOf(
    'plan',
    'Plan',
    stages.map(({ plan }) => ({
      text: null,
      planned: plan?.note ?? null,
      relative: null,
      missing: plan?.note === undefined ? 'not told' : null,
    })),
  )

const missingMeasure = (stage: StageFacts): MissingWord => (stage.isPublished ? 'not published' : 'not measured')

function told(
  key: string,
  label: string,
  stages: readonly StageFacts[],
  read: (stage: StageFacts) => string | null,
): ComparedRow {
  return rowOf(
    key,
    label,
    stages.map((stage) => {
      const text = read(stage)
      return { text, planned: null, relative: null, missing: text === null ? 'not told' : null }
    }),
  )
}

/** A setting under the name that its program gives it. What a program does not name is not set. */
const settingRow = (name: string, stages: readonly StageFacts[]): ComparedRow =>
  rowOf(
    `config:${name}`,
    name,
    stages.map(({ settings }) => {
      const text = settings?.rest[name] ?? null
      const missing = text !== null ? null : settings === null ? 'not told' : 'not set'
      return { text, planned: null, relative: null, missing }
    }),
  )

/** True for a setting that another row tells already, such as the number of steps. */
const saysTheSame = (row: ComparedRow, setting: ComparedRow): boolean =>
  row.cells.every((cell, i) => cell.text === setting.cells[i]?.text)

function measured(
  key: string,
  label: string,
  stages: readonly StageFacts[],
  read: (stage: StageFacts) => string | null,
  planned: (plan: Plan) => string | null,
): ComparedRow {
  return rowOf(
    key,
    label,
    stages.map((stage) => {
      const text = read(stage)
      const plan = stage.plan === null ? null : planned(stage.plan)
      return {
        text,
        planned: plan === text ? null : plan,
        relative: null,
        missing: text === null ? missingMeasure(stage) : null,
      }
    }),
  )
}

function rowOf(key: string, label: string, cells: readonly ComparedCell[]): ComparedRow {
  const said = cells.map(({ text, planned }) => `${text} ${planned}`)
  return { key, label, cells, differs: new Set(said).size > 1 }
}

/** A row of which no stage tells anything is none. */
const isSaid = ({ cells }: ComparedRow): boolean => cells.some(({ text, planned }) => text !== null || planned !== null)

/** "+9 %", "−25 %" of the baseline's; null where either is not known whole, in two currencies, and against 0. */
function relativeWords(own: Omit<Money, 'missing'>, base: Omit<Money, 'missing'> | null): string | null {
  if (own.amount === null || !base?.amount || own.currency !== base.currency) return null
  const percent = formatPercent(own.amount / base.amount - 1)
  return own.amount > base.amount ? `+${percent}` : percent
}

function trainableWords({ params, trainableParams }: StageFacts): string | null {
  if (trainableParams !== null)
    return `${formatCount(trainableParams)}${params === null ? '' : `, ${formatPercent(trainableParams / params)}`}`
  return params === null ? null : formatCount(params)
}

const mixtureWords = ({ mixture }: StageFacts): string | null =>
  mixture.length === 0
    ? null
    : mixture
        .map(({ source, share }) => (mixture.length === 1 ? source : `${source} ${formatPercent(share)}`))
        .join(', ')

function replayWords({ mixture }: StageFacts): string | null {
  if (mixture.length === 0) return null
  const share = mixture.reduce((sum, source) => sum + (source.role === 'replay' ? source.share : 0), 0)
  return share === 0 ? 'none' : formatPercent(share)
}

const mitigationWords = ({ mitigations }: StageFacts): string | null =>
  mitigations.length === 0 ? null : mitigations.map((tag) => MITIGATION_WORDS[tag]).join(', ')

const warmupWords = (warmup: number | null): string | null =>
  warmup === null ? null : warmup > 0 && warmup < 1 ? formatPercent(warmup) : `${formatExactCount(warmup)} steps`

const plannedDevices = ({ device_count, device_kind }: Plan): string | null =>
  device_count === undefined && device_kind === undefined
    ? null
    : [device_count, device_kind].filter((v) => v !== undefined).join(' × ')
