import { type Smoothing, smoothLine } from '#src/core/metrics/smooth-line.ts'
import type { StageBand } from './capability-axes.ts'
import type { PathLine } from './stage-lines.ts'

/** The finite extremes of some lines; null without a finite value. */
export function extentOf(lines: readonly PathLine[]): { min: number; max: number } | null {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { y } of lines)
    for (const value of y) {
      if (!Number.isFinite(value)) continue
      min = Math.min(min, value)
      max = Math.max(max, value)
    }
  return min > max ? null : { min, max }
}

/** SVG paths of a line in its band: as logged, and smoothed where it is. Values that are not finite are gaps. */
export function pathsOf(
  { x, y }: PathLine,
  at: { band: StageBand; smoothing: Smoothing | null; toY: (value: number) => number },
): { raw: string; smooth: string | null } {
  const { band } = at
  const { from, to } = band.span && band.span.to > band.span.from ? band.span : { from: x[0] ?? 0, to: x.at(-1) ?? 1 }
  const pixel = (to - from) / Math.max(1, band.width)
  const toX = (value: number) => band.x + Math.min(band.width, Math.max(0, (value - from) / (pixel || 1)))
  const drawn = (values: Float64Array) => svgPath(x, values, toX, at.toY)
  return { raw: drawn(y), smooth: at.smoothing && pixel > 0 ? drawn(smoothLine(x, y, at.smoothing, pixel)) : null }
}

function svgPath(x: Float64Array, y: Float64Array, toX: (v: number) => number, toY: (v: number) => number): string {
  let path = ''
  let drawing = false
  for (const [i, value] of y.entries()) {
    if (!Number.isFinite(value)) {
      drawing = false
      continue
    }
    path += `${drawing ? 'L' : 'M'}${toX(x[i] ?? 0).toFixed(1)} ${toY(value).toFixed(1)}`
    drawing = true
  }
  return path
}
