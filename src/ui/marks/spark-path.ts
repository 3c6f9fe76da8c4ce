/**
 * The SVG path of a line in a box of `width` × `height` px, one px free on every side. `x` and `y` run in parallel, x
 * ascending; null, NaN and ±Infinity in y are gaps. Flat lines lie in the middle; fewer than one finite value gives ''.
 */
export function sparkPath(x: readonly number[], y: readonly (number | null)[], width: number, height: number): string {
  const finite = y.filter((v): v is number => v !== null && Number.isFinite(v))
  if (finite.length === 0) return ''
  const low = Math.min(...finite)
  const high = Math.max(...finite)
  const from = x[0] ?? 0
  const span = (x.at(-1) ?? from) - from
  const toX = (v: number) => 1 + (span === 0 ? 0.5 : (v - from) / span) * (width - 2)
  const toY = (v: number) => 1 + (high === low ? 0.5 : (high - v) / (high - low)) * (height - 2)
  let path = ''
  let drawing = false
  for (const [i, value] of y.entries()) {
    if (value === null || !Number.isFinite(value)) {
      drawing = false
      continue
    }
    path += `${drawing ? 'L' : 'M'}${toX(x[i] ?? from).toFixed(1)} ${toY(value).toFixed(1)}`
    drawing = true
  }
  // A single point has no length: a dot of the line's own width.
  return finite.length === 1 ? `${path}h0.01` : path
}
