/** In what cost is told: device time, money, FLOPs, energy, carbon. */

import { formatDuration, formatHours } from '#src/core/format/duration.ts'
import { formatMoney } from '#src/core/format/money.ts'
import type { StageCost } from '#src/protocol/cost.ts'
import type { CostSegment, CostTotal } from '#src/protocol/cost-parts.ts'
import { amountIn } from './totals.ts'

export const COST_UNITS = ['time', 'money', 'flops', 'energy', 'carbon'] as const
export type CostUnit = (typeof COST_UNITS)[number]

export const UNIT_WORDS: Readonly<Record<CostUnit, string>> = {
  time: 'Device time',
  money: 'Money',
  flops: 'FLOPs',
  energy: 'Energy',
  carbon: 'CO₂e',
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

/** What a segment is in a unit; null: not known. FLOPs, energy and carbon are told of a stage, not of its parts. */
export function segmentIn(segment: CostSegment, choice: UnitChoice): number | null {
  if (choice.unit === 'time')
    return timeLack(segment.total, segment.hours) === null ? hoursOf(segment.hours, choice.device) : null
  if (choice.unit === 'money') return moneyIn(segment.total, choice.currency)
  return null
}

/** What a stage is in a unit that is told of whole stages; null: not known, with the reason. */
export function stageIn(stage: StageCost, unit: WholeUnit): { value: number | null; reason: string | null } {
  const { flops, energy, carbon } = stage
  switch (unit) {
    case 'flops':
      return flops.state === 'reckoned' ? { value: flops.flops, reason: null } : { value: null, reason: flops.reason }
    case 'energy':
      return energy.state === 'not_available'
        ? { value: null, reason: energy.reason }
        : { value: energy.wh, reason: null }
    case 'carbon':
      return carbon.state === 'reckoned'
        ? { value: carbon.kg_co2e, reason: null }
        : { value: null, reason: carbon.reason }
  }
}

/** Units that are told of whole stages, not of their parts. */
export type WholeUnit = 'flops' | 'energy' | 'carbon'

export const isWholeUnit = (unit: CostUnit): unit is WholeUnit => unit !== 'time' && unit !== 'money'

/** What the card of an external base says that it took, in a unit; null: the card does not say. */
export function embodiedIn(stage: StageCost, unit: CostUnit): number | null {
  const { embodied } = stage
  if (!embodied) return null
  switch (unit) {
    case 'time':
      return embodied.device_hours
    case 'energy':
      return embodied.kwh === null ? null : embodied.kwh * 1000
    case 'carbon':
      return embodied.kg_co2e
    default:
      return null
  }
}

/** Why no time is known of what was done: hours that nobody told are no hours of 0. Null where some are known, or nothing was done. */
export function timeLack({ lacks }: CostTotal, hours: readonly unknown[]): string | null {
  if (hours.length > 0) return null
  if (lacks.some(({ why }) => why === 'not_published')) return 'not published'
  return lacks.some(({ why }) => why === 'no_hardware') ? 'no hardware told' : null
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
      return scaledWords(value, [
        [1e9, 'GWh'],
        [1e6, 'MWh'],
        [1e3, 'kWh'],
        [1, 'Wh'],
      ])
    case 'carbon':
      return scaledWords(value, [
        [1e3, 't'],
        [1, 'kg'],
        [1e-3, 'g'],
      ])
  }
}

/** Three significant digits in the largest unit that is not above the value: "1.31 MWh", "420 t", "12.3 g". */
function scaledWords(value: number, units: readonly [size: number, word: string][]): string {
  const [size, word] = units.find(([one]) => Math.abs(value) >= one) ?? (units.at(-1) as [number, string])
  return `${Number((value / size).toPrecision(3))} ${word}`
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
    case 'carbon':
      return 'CO₂e of the grid, location-based'
  }
}
