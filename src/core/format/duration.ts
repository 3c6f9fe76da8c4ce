/**
 * Seconds in two parts at most: 0.42 s, 20.8 s, 336 s, 28 m 20 s, 2 h 14 m, 3 d 4 h. Seconds alone up to 999, since stages
 * of small models are compared in them.
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '∞'
  if (seconds < 0) return `−${formatDuration(-seconds)}`
  if (seconds < 9.95) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`
  if (seconds < 999.5) return `${Math.round(seconds)} s`
  const minutes = Math.floor(Math.round(seconds) / 60)
  if (minutes < 60) return `${minutes} m ${Math.round(seconds) % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${minutes % 60} m`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** Device-hours in `digits` significant digits: 0.0651, 0.00840, 12.4, 1,240. */
export function formatHours(hours: number, digits = 3): string {
  if (hours >= 999.5) return Math.round(hours).toLocaleString('en-US')
  return hours === 0 ? '0' : hours < 0.001 ? '<0.001' : hours.toPrecision(digits)
}

/** A duration at a mark of an axis, in one unit: 0, 30 s, 1.5 m, 12 h, 3 d. */
export function durationMark(seconds: number): string {
  if (seconds === 0) return '0'
  const [size, unit] =
    seconds < 60 ? [1, 's'] : seconds < 3600 ? [60, 'm'] : seconds < 172_800 ? [3600, 'h'] : [86_400, 'd']
  return `${Number((seconds / size).toPrecision(3))} ${unit}`
}
