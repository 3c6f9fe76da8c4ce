import { type Marker, markerPath } from './markers.ts'
import type { RunLook } from './run-colour.ts'

const WIDTH = 16
const HEIGHT = 10

/** A piece of a line as it is drawn: its colour, dash and mark. It says nothing by itself: the name stands beside it. */
export function LineSwatch(props: {
  paint: { colour: string; dash: readonly number[]; marker?: Marker | null | undefined }
  /** The line is not drawn. */
  off?: boolean | undefined
}) {
  const { colour, dash, marker } = props.paint
  const middle = HEIGHT / 2
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      style={{ flex: 'none', alignSelf: 'center', opacity: props.off ? 0.35 : 1 }}
      aria-hidden
    >
      <path d={`M0 ${middle}H${WIDTH}`} stroke={colour} strokeWidth={2} strokeDasharray={dash.join(' ') || undefined} />
      {marker ? (
        <path d={markerPath(marker, WIDTH / 2, middle)} fill={props.off ? 'none' : colour} stroke={colour} />
      ) : null}
    </svg>
  )
}

const SIDE = 10

/**
 * The look of a run beside its name, wherever it is listed: a square of its colour, from the ninth run on a piece of its line, so that two
 * runs of one colour are told apart without the chart. Both are as wide, and names below each other begin at one place.
 */
export function RunSwatch({ look, off = false }: { look: RunLook; off?: boolean }) {
  if (look.dash.length > 0 || look.marker) return <LineSwatch paint={look} off={off} />
  return (
    <svg
      width={WIDTH}
      height={SIDE}
      viewBox={`${(SIDE - WIDTH) / 2} 0 ${WIDTH} ${SIDE}`}
      style={{ flex: 'none', alignSelf: 'center', opacity: off ? 0.6 : 1 }}
      aria-hidden
    >
      <rect
        x={0.5}
        y={0.5}
        width={SIDE - 1}
        height={SIDE - 1}
        rx={1.5}
        fill={off ? 'none' : look.colour}
        stroke={look.colour}
      />
    </svg>
  )
}
