/** The lanes of the picture of hardware use: one line or more each, on one axis of time. Pure. */
import { sumOfLines, type TimeLine, usualDistance } from '#src/core/cost/hardware-use.ts'
import type { HardwareUse, UseLine, UseQuantity } from '#src/protocol/hardware-use.ts'

export interface UseLane {
  quantity: UseQuantity
  name: string
  unit: string
  /** The top of the lane's scale; its foot is 0. */
  most: number
  /** Of the chosen device, or of all of them together. */
  line: TimeLine
  /** The usual distance of its samples, ms. */
  usualMs: number
  /** Single devices behind it. */
  behind: readonly TimeLine[]
}

const timed = ({ t, values }: UseLine): TimeLine => ({ timesMs: t, values })

/** The devices that were sampled, each once, in their order. */
export const devicesOf = ({ lines }: HardwareUse): string[] => [
  ...new Set(lines.flatMap(({ device }) => (device === null ? [] : [device]))),
]

/**
 * The lanes that there is something for. Of all devices (null) utilisation is the mean and power the sum, where each of them was
 * sampled.
 */
export function lanesOf(use: HardwareUse, device: string | null): UseLane[] {
  const of = (quantity: UseQuantity) =>
    use.lines.filter(
      (line) => line.quantity === quantity && (device === null || line.device === null || line.device === device),
    )
  const lane = (
    quantity: UseQuantity,
    name: string,
    together: (lines: TimeLine[]) => TimeLine,
    top?: number,
  ): UseLane[] => {
    const lines = of(quantity)
    const [first] = lines
    if (!first) return []
    const line = together(lines.map(timed))
    const most = top ?? Math.max(...line.values.map((value) => value ?? 0), 0)
    return [
      {
        quantity,
        name,
        unit: first.unit,
        most: most > 0 ? most : 1,
        line,
        usualMs: usualDistance(line.timesMs),
        behind: lines.length > 1 ? lines.map(timed) : [],
      },
    ]
  }
  const isCpu = of('utilisation').every((line) => line.device?.endsWith('/cpu'))
  return [
    ...lane('utilisation', isCpu ? 'CPU' : 'GPU', meanOf, 100),
    ...lane('power', 'Power', (lines) => sumOfLines(lines, usualDistance(lines[0]?.timesMs ?? []))),
    ...lane('speed', 'Speed', ([line]) => line ?? NONE),
    ...lane('mfu', 'MFU', ([line]) => line ?? NONE),
  ]
}

const NONE: TimeLine = { timesMs: [], values: [] }

function meanOf(lines: TimeLine[]): TimeLine {
  const { timesMs, values } = sumOfLines(lines, usualDistance(lines[0]?.timesMs ?? []))
  return { timesMs, values: values.map((value) => (value === null ? null : value / lines.length)) }
}

/** The value of a lane at a time: its last sample at or before it, no older than three usual distances; null where there is none. */
export function valueAt(
  { line: { timesMs, values }, usualMs }: Pick<UseLane, 'line' | 'usualMs'>,
  ms: number,
): number | null {
  let [low, high] = [0, timesMs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((timesMs[middle] as number) <= ms) low = middle + 1
    else high = middle
  }
  const sampled = timesMs[low - 1]
  if (sampled === undefined || ms - sampled > 3 * Math.max(1, usualMs)) return null
  return values[low - 1] ?? null
}
