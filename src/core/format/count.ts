const STEPS = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/**
 * A count in three significant digits with a letter from 1,000 on: 936k, 7.24B, 15.6T; below 1,000 as it is (at most one
 * decimal). Safe up to 2^53. Rounding that reaches the next letter takes it: 999,950 is 1.00M. The exact value belongs in a title.
 */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return formatSpecial(count)
  const sign = count < 0 ? '−' : ''
  const size = Math.abs(count)
  for (const [i, [step, letter]] of STEPS.entries()) {
    if (size < step * (i === STEPS.length - 1 ? 1 : 0.9995)) continue
    return `${sign}${threeDigits(size / step)}${letter}`
  }
  if (size >= 999.5) return `${sign}1.00k`
  return `${sign}${Number.isInteger(size) ? size : Number(size.toFixed(1))}`
}

/** The exact count, with commas: 936,192. */
export const formatExactCount = (count: number): string => EXACT.format(count).replace('-', '−')

/** Made once: toLocaleString looks its rules up at every call. */
const EXACT = new Intl.NumberFormat('en-US')

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0)
  if (value >= 9.995) return value.toFixed(1)
  return value.toFixed(2)
}

const formatSpecial = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞')
