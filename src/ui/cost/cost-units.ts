/** In what cost is told: device time, money, FLOPs, energy. */

import { formatDuration, formatHours } from '#src/core/format/duration.ts'
import { formatMoney } from '#src/core/format/money.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { CostSegment, CostTotal, StageCost } from '#src/protocol/cost.ts'
import { amountIn } from './totals.ts'

export const COST_UNITS = ['time', 'money', 'flops', 'energy'] as const
export type CostUnit = (typeof COST_UNITS)[number]

export const UNIT_WORDS: Readonly<Record<CostUnit, string>> = {
  time: 'Device time',
  money: 'Money',
  flops: 'FLOPs',
  energy: 'Energy',
}

type Hours = CostSegment['hours'][number]

export interface UnitChoice {
  unit: CostUnit
  /** Of money; null: none is known. */
  currency: string | null
  /** Whose hours are counted: gpu where any were held. */
  device: 'gpu' | 'cpu'
}

/** gpu where any were held: hours of processors beside them are no measure of the work. */
export const deviceKindOf = (hours: readonly Hours[]): 'gpu' | 'cpu' =>
  hours.some((h) => h.device_kind === 'gpu') ? 'gpu' : 'cpu'

export const hoursOf = (hours: readonly Hours[], device: 'gpu' | 'cpu'): number =>
  hours.reduce((sum, h) => sum + (h.device_kind === device ? h.allocated : 0), 0)

/** What a segment is in a unit; null: not known. FLOPs and energy are told of a stage, not of its parts. */
export function segmentIn(segment: CostSegment, choice: UnitChoice): number | null {
  if (choice.unit === 'time') return hoursOf(segment.hours, choice.device)
  if (choice.unit === 'money') return moneyIn(segment.total, choice.currency)
  return null
}

/** What a stage is in a unit that is told of whole stages; null: not known, with the reason. */
export function stageIn(stage: StageCost, unit: 'flops' | 'energy'): { value: number | null; reason: string | null } {
  if (unit === 'flops')
    return stage.flops.state === 'reckoned'
      ? { value: stage.flops.flops, reason: null }
      : { value: null, reason: stage.flops.reason }
  return stage.energy.state === 'measured'
    ? { value: stage.energy.wh, reason: null }
    : { value: null, reason: stage.energy.reason }
}

export function moneyIn(total: CostTotal, currency: string | null): number | null {
  if (currency === null) return total.lacks.length > 0 ? null : 0
  const amount = amountIn(total, currency)
  return amount === null ? null : Number(amount)
}

const DEVICE_WORDS = { gpu: 'GPU', cpu: 'CPU' } as const

/** Device-hours as they are read: 224 s, 28 m 20 s, from an hour on 1,240 h. */
export const timeWords = (hours: number): string =>
  hours < 1 ? formatDuration(hours * 3600) : `${formatHours(hours)} h`

/** A value of a unit: "224 s", "$0.0050", "1.23e15", "4.10 kWh". */
export function valueWords(value: number, choice: UnitChoice): string {
  switch (choice.unit) {
    case 'time':
      return timeWords(value)
    case 'money':
      return formatMoney({ amount: String(value), currency: choice.currency ?? '' })
    case 'flops':
      return value === 0 ? '0' : value.toExponential(2).replace('e+', 'e')
    case 'energy':
      return value >= 1_000 ? `${formatNumber(value / 1_000, 2)} kWh` : `${formatNumber(value, 1)} Wh`
  }
}

/** What the axis of a unit says. */
export function axisWords(choice: UnitChoice): string {
  switch (choice.unit) {
    case 'time':
      return `allocated ${DEVICE_WORDS[choice.device]} time`
    case 'money':
      return choice.currency ?? 'money'
    case 'flops':
      return 'FLOPs, an estimate'
    case 'energy':
      return 'energy of the devices'
  }
}
