/** The picture of hardware use in words and as a table. Pure. */
import type { SegmentKind } from '#src/core/cost/work.ts'
import { formatCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatNumber, formatPercent, formatValue } from '#src/core/format/number.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { HardwareUse } from '#src/protocol/hardware-use.ts'
import { timeWords } from '#src/ui/cost/cost-units.ts'
import { totalWords } from '#src/ui/cost/totals.ts'
import { type UseLane, valueAt } from './use-lanes.ts'

/** What devices were held for. */
export const USE_WORDS: Readonly<Record<SegmentKind, string>> = {
  work: 'training',
  preparation: 'preparation',
  idle: 'idle',
  rolled_back: 'rolled back',
  duplicate: 'duplicate',
  evaluation: 'evaluation',
  failed: 'failed',
  other_run: 'not continued',
  later_steps: 'later steps',
  api_tokens: 'calls of models',
  labels: 'labels',
  storage: 'storage',
  egress: 'traffic',
  people: 'people',
  other: 'other',
}

/** "87 %", "312 W", "41.2k tokens/s". */
export function valueWords(value: number | null, { quantity, unit }: Pick<UseLane, 'quantity' | 'unit'>): string {
  if (value === null) return 'not sampled'
  if (quantity === 'speed') return `${formatCount(Math.round(value))} ${unit}`
  return `${unit === '%' ? formatNumber(value, value < 10 ? 1 : 0) : formatValue(Math.round(value))} ${unit}`
}

/** What the devices were held for at a time: "training", "idle", "nothing held". */
export function heldAt({ pieces }: HardwareUse, ms: number): string {
  const found = pieces.filter((piece) => Date.parse(piece.from) <= ms && ms <= Date.parse(piece.to))
  const last = found.at(-1)
  return last ? USE_WORDS[last.kind] : 'nothing held'
}

/** "After 1 h 2 m: GPU 87 %, Power 312 W, training". */
export const readingWords = (use: HardwareUse, lanes: readonly UseLane[], fromMs: number, ms: number): string =>
  `After ${formatDuration((ms - fromMs) / 1000)}: ${[
    ...lanes.map((lane) => `${lane.name} ${valueWords(valueAt(lane, ms), lane)}`),
    heldAt(use, ms),
  ].join(', ')}`

/** The part of the time as facts: device-hours held and used, what they were for, energy, money. */
export function partFacts(use: HardwareUse): { label: string; value: string; note?: string }[] {
  const { part } = use
  if (!part) return []
  const held = part.hours.reduce((sum, { allocated }) => sum + allocated, 0)
  const sampled = part.hours.filter((hours) => hours.used !== null)
  const used = sampled.reduce((sum, hours) => sum + (hours.used ?? 0), 0)
  const ofSampled = sampled.reduce((sum, { allocated }) => sum + allocated, 0)
  const waste = part.kinds.filter(({ kind }) => kind !== 'work')
  return [
    { label: 'Held', value: timeWords(held), note: part.hours.map(({ device }) => device).join(', ') },
    sampled.length === 0
      ? { label: 'Used', value: 'not sampled' }
      : {
          label: 'Used',
          value: timeWords(used),
          note: ofSampled > 0 ? `${formatPercent(used / ofSampled)} of what was held` : '',
        },
    ...waste.map(({ kind, device_hours }) => ({
      label: (USE_WORDS[kind][0] ?? '').toUpperCase() + USE_WORDS[kind].slice(1),
      value: timeWords(device_hours),
      note: held > 0 ? formatPercent(device_hours / held) : '',
    })),
    { label: 'Energy', ...energyWords(part.energy) },
    {
      label: 'Money',
      value: totalWords(part.total, null).trim(),
      ...(part.total.assumed && { note: 'assumed price' }),
    },
  ]
}

function energyWords(energy: NonNullable<HardwareUse['part']>['energy']): { value: string; note?: string } {
  if (energy.state === 'not_available') return { value: 'not known', note: energy.reason }
  const value = energy.wh < 1000 ? `${formatValue(energy.wh)} Wh` : `${formatValue(energy.wh / 1000)} kWh`
  return energy.state === 'estimated'
    ? { value: `≈ ${value}`, note: `estimated: ${energy.reason}` }
    : {
        value: `${energy.at_least ? '≥ ' : ''}${value}`,
        note: `measured, ${formatPercent(energy.coverage)} of the time sampled`,
      }
}

/** What the devices were held for, stretch by stretch. */
export function tableOfUse(use: HardwareUse, lanes: readonly UseLane[], title: string): TableText {
  const startMs = use.held ? Date.parse(use.held.from) : 0
  const since = (at: string) => formatDuration((Date.parse(at) - startMs) / 1000)
  return {
    title,
    table: {
      columns: [
        { name: 'From', align: 'left' },
        { name: 'To', align: 'left' },
        { name: 'Attempt', align: 'right' },
        { name: 'For', align: 'left' },
        { name: 'Devices', align: 'left' },
        { name: 'Device time', align: 'right' },
        ...lanes.map(({ name, quantity }) => ({
          name: quantity === 'power' ? 'Power, mean' : `${name}, mean`,
          align: 'right' as const,
        })),
      ],
      rows: use.pieces.map((piece) => [
        { text: since(piece.from) },
        { text: since(piece.to) },
        { text: String(piece.attempt) },
        { text: USE_WORDS[piece.kind] },
        { text: `${piece.count} × ${piece.device}` },
        { text: timeWords(piece.device_hours) },
        ...lanes.map((lane) => ({
          text: valueWords(meanWithin(lane, Date.parse(piece.from), Date.parse(piece.to)), lane),
        })),
      ]),
    },
    footRows: 0,
    notes: [
      ...(use.mfu.state === 'not_available'
        ? [`MFU: ${use.mfu.reason}.`]
        : [`MFU against the dense ${use.mfu.precision} peak of ${use.mfu.peak_tflops} TFLOPS a device.`]),
      'Idle: every device below 5 % for more than 10 minutes. Between stretches nothing was held.',
    ],
  }
}

function meanWithin(lane: UseLane, fromMs: number, toMs: number): number | null {
  const { line } = lane
  const inside = line.values.filter((value, i) => {
    const time = line.timesMs[i] as number
    return value !== null && time >= fromMs && time < toMs
  }) as number[]
  // A stretch may lie between two samples of the drawing.
  if (inside.length === 0) return valueAt(lane, (fromMs + toMs) / 2)
  return inside.reduce((sum, value) => sum + value, 0) / inside.length
}
