/** How a run's chart is asked for, and its points laid on an axis of the path. Pure. */
import type { PathAxis } from '#src/core/lineage/path-axes.ts'
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import type { CapabilityStage, Span } from '#src/protocol/capability.ts'

const MS_PER_HOUR = 3_600_000

/** The axis of a run's own chart that an axis of the path is made from. */
export const CHART_AXES: Readonly<Record<PathAxis, XAxis>> = {
  tokens: 'lineage_tokens',
  flops: 'lineage_tokens',
  flops_attention: 'lineage_tokens',
  device_hours: 'lineage_device_hours',
  wall_hours: 'relative',
  steps: 'step',
}

/** From the chart's own x to the path's and back; null where the stage has no place on the axis. */
export function placesOn(
  stage: CapabilityStage,
  axis: PathAxis,
): { toPath: (x: number) => number; toChart: (value: number) => number } | null {
  const { span } = stage.axes[axis]
  if (!span) return null
  switch (axis) {
    case 'tokens':
    case 'device_hours':
      return { toPath: (x) => x, toChart: (value) => value }
    case 'wall_hours':
      return { toPath: (x) => span.from + x / MS_PER_HOUR, toChart: (value) => (value - span.from) * MS_PER_HOUR }
    case 'steps': {
      const offset = stage.step_offset ?? 0
      return { toPath: (x) => x + offset, toChart: (value) => value - offset }
    }
    default:
      return alongTokens(stage.axes.tokens.span, span)
  }
}

/** FLOPs rise evenly with tokens within a stage. */
function alongTokens(tokens: Span | null, flops: Span): ReturnType<typeof placesOn> {
  if (!tokens || tokens.to <= tokens.from || flops.to <= flops.from) return null
  const perToken = (flops.to - flops.from) / (tokens.to - tokens.from)
  return {
    toPath: (x) => flops.from + (x - tokens.from) * perToken,
    toChart: (value) => tokens.from + (value - flops.from) / perToken,
  }
}
