/** A number in `digits` decimals with a real minus; NaN and the infinities by their signs. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞'
  const printed = Math.abs(value).toFixed(digits)
  return value < 0 && Number(printed) !== 0 ? `−${printed}` : printed
}

/** A change: signed with + or a real minus, 0.000 without a sign. */
export function formatChange(value: number, digits = 3): string {
  const printed = formatNumber(value, digits)
  return value > 0 && Number(printed) !== 0 ? `+${printed}` : printed
}

/** A share as a percentage with a space: 12 %, 0.4 %. */
export const formatPercent = (share: number): string =>
  `${formatNumber(share * 100, share !== 0 && Math.abs(share) < 0.01 ? 1 : 0)} %`

/** A metric's value in four significant digits, from 1,000 on all before the point and commas between thousands: 2.316, 12,345.7, 1.20e−7. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value) || value === 0) return formatNumber(value, 0)
  const size = Math.abs(value)
  if (size < 1e-4 || size >= 1e7) return value.toExponential(2).replace('e+', 'e').replaceAll('-', '−')
  const printed =
    size < 999.95
      ? String(Number(size.toPrecision(4)))
      : size >= 1e5 || Number.isInteger(size)
        ? WHOLE.format(size)
        : ONE_PLACE.format(size)
  return value < 0 ? `−${printed}` : printed
}

/** A mark of an axis without its unit, in three significant digits with commas between thousands: 0.0025, 12,000. */
export const formatMark = (value: number): string => MARK.format(value).replace('-', '−')

/** Made once: toLocaleString looks its rules up at every call. */
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const ONE_PLACE = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const MARK = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })
