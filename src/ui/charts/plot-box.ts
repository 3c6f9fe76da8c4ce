import type { Scale } from './ticks.ts'

/** Where the plot lies in its box, in CSS px. */
export interface PlotBox {
  left: number
  top: number
  width: number
  height: number
}

const MARGIN = { left: 50, right: 12, top: 8, bottom: 22 }

/** @param right room beside the plot, CSS px; for names of lines */
export const plotBox = (width: number, height: number, right: number = MARGIN.right): PlotBox => ({
  left: MARGIN.left,
  top: MARGIN.top,
  width: Math.max(1, width - MARGIN.left - right),
  height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
})

/** Where a value lies on an axis that is drawn evenly: itself, or its power of ten. */
export const placeOn = (scale: Scale, value: number): number => (scale.isLog ? Math.log10(value) : value)

/** Where axis units lie in the box, as rows that are drawn have them: px = from + value · per. */
export interface RowPlace {
  fromX: number
  perX: number
  fromY: number
  perY: number
}

export function placeRows({ x, y }: { x: Scale; y: Scale }, box: PlotBox): RowPlace {
  const low = placeOn(x, x.min)
  const perX = box.width / (placeOn(x, x.max) - low)
  const perY = -box.height / (y.max - y.min)
  return { fromX: box.left - low * perX, perX, fromY: box.top - y.max * perY, perY }
}

export function xToPx(box: PlotBox, scale: Scale, x: number): number {
  const from = placeOn(scale, scale.min)
  return box.left + ((placeOn(scale, x) - from) / (placeOn(scale, scale.max) - from)) * box.width
}

export function pxToX(box: PlotBox, scale: Scale, px: number): number {
  const from = placeOn(scale, scale.min)
  const at = from + ((px - box.left) / box.width) * (placeOn(scale, scale.max) - from)
  return scale.isLog ? 10 ** at : at
}

/** The value at a height, in data units. */
export function pxToY(box: PlotBox, scale: Scale, isLog: boolean, px: number): number {
  const at = scale.min + (1 - (px - box.top) / box.height) * (scale.max - scale.min)
  return isLog ? 10 ** at : at
}

/** `y` in data units; on a log scale values at or below 0 have no place. */
export function yToPx(box: PlotBox, scale: Scale, isLog: boolean, y: number): number | null {
  const value = isLog ? (y > 0 ? Math.log10(y) : Number.NaN) : y
  if (!Number.isFinite(value)) return null
  return box.top + (1 - (value - scale.min) / (scale.max - scale.min)) * box.height
}
