import { innerScale, type Scale } from '#src/ui/charts/ticks.ts'
import { LOSS } from './drawing-layout.ts'
import { extentOf } from './line-path.ts'
import type { StageLines } from './stage-lines.ts'

/** The scale that all losses of the path share, within the lane that begins at `top`. */
export interface LossScale extends Scale {
  toY: (value: number) => number
}

/** Null without a finite loss. */
export function lossScale(lines: readonly StageLines[], top: number): LossScale | null {
  const reach = extentOf(lines.flatMap(({ loss }) => loss ?? []))
  if (!reach) return null
  const scale = innerScale(reach.min, reach.max, 3, false)
  const within = (value: number) => Math.min(scale.max, Math.max(scale.min, value))
  return {
    ...scale,
    toY: (value) => top + 8 + ((scale.max - within(value)) / (scale.max - scale.min || 1)) * (LOSS - 16),
  }
}
