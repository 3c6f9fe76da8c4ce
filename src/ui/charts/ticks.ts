/** Where an axis is marked. `min` and `max` bound the axis, `at` are the marks, ascending, all in the axis' own units. */
export interface Scale {
  min: number
  max: number
  at: number[]
  /** Equal factors are equally far apart; `min`, `max` and marks stay in the axis' own units. Only axes of x. */
  isLog?: boolean
}

/** A step of 1, 2 or 5 times a power of ten that fits about `count` times into `span`. */
function niceStep(span: number, count: number): number {
  const rough = span / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const share = rough / power
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power
}

function multiples(min: number, max: number, step: number): number[] {
  const at: number[] = []
  const first = Math.ceil(min / step - 1e-9)
  for (let k = first; k * step <= max + step * 1e-9 && at.length < 100; k++) at.push(cleaned(k * step))
  return at
}

/** 0.30000000000000004 is 0.3. */
const cleaned = (value: number): number => Number(value.toPrecision(12))

/** A linear scale whose ends are marks themselves; a flat range is widened around its value. */
export function linearScale(min: number, max: number, count: number): Scale {
  if (min === max) {
    const half = min === 0 ? 1 : Math.abs(min) * 0.1
    return linearScale(min - half, max + half, count)
  }
  const step = niceStep(max - min, count)
  const low = cleaned(Math.floor(min / step + 1e-9) * step)
  const high = cleaned(Math.ceil(max / step - 1e-9) * step)
  return { min: low, max: high, at: multiples(low, high, step) }
}

/** Marks within a range that stays as it is; `whole`: on whole numbers only. */
export function innerScale(min: number, max: number, count: number, whole: boolean): Scale {
  if (min === max) return { min: min - 0.5, max: max + 0.5, at: [min] }
  const step = niceStep(max - min, count)
  return { min, max, at: multiples(min, max, whole ? Math.max(1, step) : step) }
}

/**
 * A logarithmic scale in log10 units: marks at 1, 2 and 5 of each decade, at powers of ten from two and a half decades on. Below
 * a decade it is marked like a linear one, below an octave its ends are marks too.
 *
 * @param min above 0
 */
export function logScale(min: number, max: number, count: number): Scale {
  const decades = Math.log10(max / min)
  if (decades < 0.3) {
    const linear = linearScale(min, max, count)
    const at = linear.at.filter((v) => v > 0)
    return { min: Math.log10(at[0] ?? min), max: Math.log10(at.at(-1) ?? max), at: at.map(Math.log10) }
  }
  const at: number[] = decades < 0.9 ? linearScale(min, max, count).at.filter((v) => v > 0) : []
  const mantissas = decades < 0.9 ? [] : decades > 2.5 ? [1] : [1, 2, 5]
  for (let e = Math.floor(Math.log10(min)) - 1; e <= Math.ceil(Math.log10(max)) + 1; e++)
    for (const m of mantissas) at.push(cleaned(m * 10 ** e))
  const pad = (Math.log10(max) - Math.log10(min)) * 0.04
  const low = Math.log10(min) - pad
  const high = Math.log10(max) + pad
  const inside = at.map(Math.log10).filter((v) => v >= low && v <= high)
  const stride = Math.max(1, Math.ceil(inside.length / (count * 2)))
  return { min: low, max: high, at: inside.filter((_, i) => i % stride === 0) }
}

/** Marks at 1, 2 and 5 of each decade, or at powers of ten, within a range that stays as it is; its ends above 0. */
export function innerLogScale(min: number, max: number, count: number): Scale {
  const wide = max > min ? logScale(min, max, count) : { at: [Math.log10(min)] }
  const at = wide.at.map((mark) => cleaned(10 ** mark)).filter((mark) => mark >= min && mark <= max)
  return { min, max: max > min ? max : min * 1.1, at, isLog: true }
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((s) => s * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 120, 240].map((h) => h * HOUR),
]

/** Marks of a range in ms at steps that clocks have. */
export function timeScale(min: number, max: number, count: number): Scale {
  if (max - min < SECOND * count) return innerScale(min, max, count, false)
  const step = TIME_STEPS.find((s) => (max - min) / s <= count) ?? (TIME_STEPS.at(-1) as number)
  return { min, max, at: multiples(min, max, step) }
}
