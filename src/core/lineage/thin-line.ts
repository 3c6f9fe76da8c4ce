/** A line with at most `max` points: y is the mean per bucket of neighbours over finite values, null where there are none. */
export function thinLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  max: number,
): { x: number[]; y: (number | null)[] } {
  const per = Math.max(1, Math.ceil(x.length / max))
  const thin: { x: number[]; y: (number | null)[] } = { x: [], y: [] }
  for (let start = 0; start < x.length; start += per) {
    const values = Array.from({ length: Math.min(per, x.length - start) }, (_, i) => y[start + i] ?? Number.NaN)
    const finite = values.filter(Number.isFinite)
    thin.x.push(x[start] ?? 0)
    thin.y.push(finite.length ? finite.reduce((sum, v) => sum + v, 0) / finite.length : null)
  }
  return thin
}

/** The smoothed end of a line: the mean of its last tenth, at least one point; null when nothing is finite there. */
export function lineEnd(y: readonly (number | null)[]): number | null {
  const tail = y.slice(-Math.max(1, Math.round(y.length / 10))).filter((v) => v !== null)
  return tail.length ? tail.reduce((sum, v) => sum + v, 0) / tail.length : null
}
