/** Marks on lines: few, evenly over the screen, so that lines of one colour are told apart where dashes are not enough. */
import type { PlotBox, RowPlace } from './plot-box.ts'

export const MARKERS = ['circle', 'square', 'triangle', 'diamond'] as const
export type Marker = (typeof MARKERS)[number]

/** Distance of two marks of a line, CSS px. */
export const MARKER_GAP = 72
/** Half of a mark's width, CSS px. */
export const MARKER_PX = 3.5
/** Of the gap, by how much the marks of one line lie beside those of the one before it. */
const SHIFT = 0.38

/**
 * Where marks of a line lie: on points of it, at least a gap apart, and those of neighbouring lines not above each other. None where the
 * line is broken or outside of the plot.
 *
 * @param rows interleaved x, y in axis units, as they are drawn
 * @param order of the line among those of the chart
 */
export function markerSpots(
  rows: Float64Array,
  { fromX, perX, fromY, perY }: RowPlace,
  box: PlotBox,
  order: number,
): { x: number; y: number }[] {
  const spots: { x: number; y: number }[] = []
  let next = box.left + MARKER_GAP * ((SHIFT * (order + 1)) % 1)
  for (let i = 0; i < rows.length; i += 2) {
    const x = fromX + perX * (rows[i] as number)
    const y = fromY + perY * (rows[i + 1] as number)
    if (!(x >= next) || Number.isNaN(y)) continue
    if (x > box.left + box.width) break
    // A line that leaves the plot above or below keeps its even places.
    if (y >= box.top && y <= box.top + box.height) spots.push({ x, y })
    next = Math.max(next, x - MARKER_GAP / 2) + MARKER_GAP
  }
  return spots
}

/** A mark around a place as an SVG path, which a canvas takes as well. */
export function markerPath(marker: Marker, x: number, y: number, r = MARKER_PX): string {
  const at = (dx: number, dy: number) => `${round(x + dx)} ${round(y + dy)}`
  switch (marker) {
    case 'circle':
      return `M${at(-r, 0)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`
    case 'square':
      return `M${at(-r, -r)}h${2 * r}v${2 * r}h${-2 * r}Z`
    case 'triangle':
      return `M${at(0, -1.2 * r)}L${at(1.15 * r, 0.9 * r)}L${at(-1.15 * r, 0.9 * r)}Z`
    case 'diamond':
      return `M${at(0, -1.3 * r)}L${at(1.3 * r, 0)}L${at(0, 1.3 * r)}L${at(-1.3 * r, 0)}Z`
  }
}

/** All marks of a line as one path; empty where it has none. */
export const markersPath = (marker: Marker, rows: Float64Array, place: RowPlace, box: PlotBox, order: number): string =>
  markerSpots(rows, place, box, order)
    .map(({ x, y }) => markerPath(marker, x, y))
    .join('')

const round = (px: number): number => Math.round(px * 10) / 10
