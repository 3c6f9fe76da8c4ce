import type { Scale } from './ticks.ts'

/** Where the plot lies in its box, in CSS px. */
export interface PlotBox {
  left: number
  top: number
  width: number
  height: number
}

const MARGIN = { left: 50, right: 12, top: 8, bottom: 22 }

export const plotBox = (width: number, height: number): PlotBox => ({
  left: MARGIN.left,
  top: MARGIN.top,
  width: Math.max(1, width - MARGIN.left - MARGIN.right),
  height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
})

export const xToPx = (box: PlotBox, scale: Scale, x: number): number =>
  box.left + ((x - scale.min) / (scale.max - scale.min)) * box.width

export const pxToX = (box: PlotBox, scale: Scale, px: number): number =>
  scale.min + ((px - box.left) / box.width) * (scale.max - scale.min)

/** `y` in data units; on a log scale values at or below 0 have no place. */
export function yToPx(box: PlotBox, scale: Scale, isLog: boolean, y: number): number | null {
  const value = isLog ? (y > 0 ? Math.log10(y) : Number.NaN) : y
  if (!Number.isFinite(value)) return null
  return box.top + (1 - (value - scale.min) / (scale.max - scale.min)) * box.height
}
