/** Sizes of the drawing in px. */
export const HEAD = 22
export const LOSS = 124
export const RATE = 40
export const LANE = 78
export const AXIS = 24
/** Room at the left for names and marks, at the right for the value now and the change since the root. */
const LEFT = 172
export const RIGHT = 136
/** Where the value now ends, from the right edge of the plot. */
export const NOW_AT = 60
/** On a phone the names of lanes stand above them. */
const NAME_ABOVE = 18
const NARROW = 640

export interface Layout {
  narrow: boolean
  left: number
  /** Width of the plot. */
  plot: number
  lossTop: number
  rateTop: number
  lanesTop: number
  /** Distance from one score lane to the next. */
  laneStep: number
  bottom: number
  height: number
}

/** Where everything stands in a drawing of a width. */
export function layoutOf({ width, hasRate, lanes }: { width: number; hasRate: boolean; lanes: number }): Layout {
  const narrow = width < NARROW
  const left = narrow ? 30 : LEFT
  const gap = narrow ? NAME_ABOVE : 0
  const lossTop = HEAD + gap
  const rateTop = lossTop + LOSS + gap
  const lanesTop = (hasRate ? rateTop + RATE : lossTop + LOSS) + gap
  const laneStep = LANE + gap
  const bottom = lanesTop - gap + lanes * laneStep
  return {
    narrow,
    left,
    plot: Math.max(160, width - left - (narrow ? 6 : RIGHT)),
    lossTop,
    rateTop,
    lanesTop,
    laneStep,
    bottom,
    height: bottom + AXIS,
  }
}
