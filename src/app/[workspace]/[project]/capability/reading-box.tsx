import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { PathAxis } from '#src/core/lineage/path-axes.ts'
import type { Capability } from '#src/protocol/capability.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'
import styles from './capability.module.css'
import { axisValue, axisWords, type StageBand, xIn } from './capability-axes.ts'
import { changeWords } from './capability-words.ts'
import type { Layout } from './drawing-layout.ts'
import type { ReadLoss } from './loss-reader.tsx'
import { type Against, type Lane, type LossUnit, shownCell } from './prepare-capability.ts'

/** Room that a box needs beside the place that it reads. */
const BOX = 300

/** Beside the place that is read, on the side where there is room. */
function besides(x: number, width: number) {
  return x < width / 2 ? { left: Math.min(x + 14, width - BOX) } : { right: Math.min(width - x + 14, width - BOX) }
}

/** All lanes at one checkpoint. */
export function CheckpointReading(props: {
  data: Capability
  axis: PathAxis
  against: Against
  unit: LossUnit
  bands: readonly StageBand[]
  lanes: readonly Lane[]
  layout: Layout
  width: number
  at: number
}) {
  const { data, axis, against, unit, bands, lanes, layout, width } = props
  const point = data.points[props.at]
  const band = bands.find((one) => one.stage === point?.stage)
  const place = point?.at[axis] ?? null
  const x = band ? xIn(band, place) : null
  if (!point || !band || x === null) return null
  return (
    <div className={styles.reading} aria-hidden style={besides(layout.left + x, width)}>
      <p className={styles.readingHead}>
        <strong>{band.card.experiment.name}</strong>
        <span>
          step {formatExactCount(point.checkpoint.step)}
          {place === null ? '' : `, ${axisValue(axis, place)} ${axisWords(axis, data.device_kind)}`}
        </span>
      </p>
      {lanes.map((lane) => {
        const cell = shownCell(point.cells[lane.column], unit)
        const digits = digitsOf(lane.benchmark, cell?.score ?? 0)
        return (
          <p key={lane.benchmark.slug} className={styles.readingRow}>
            <span>{lane.benchmark.name}</span>
            <b>{cell ? formatNumber(cell.score, digits) : 'not measured'}</b>
            <span>
              {cell && cell.low !== null && cell.high !== null
                ? `${formatNumber(cell.low, digits)} to ${formatNumber(cell.high, digits)}`
                : cell
                  ? 'no interval'
                  : ''}
            </span>
            {against !== 'score' && cell ? <span>{changeWords(cell[against], digits)}</span> : null}
          </p>
        )
      })}
      <p className={styles.readingFoot}>Opens where it came from</p>
    </div>
  )
}

/** Loss, learning rate, step and tokens at one point of the loss. */
export function LossReadingBox(props: {
  data: Capability
  axis: PathAxis
  read: ReadLoss
  layout: Layout
  width: number
}) {
  const { data, axis, read, layout, width } = props
  const { reading, lines } = read
  const x = xIn(lines.band, reading.x)
  if (x === null) return null
  const rows: [string, string][] = [
    ['Step', reading.step === null ? 'not known here' : formatExactCount(reading.step)],
    ['Tokens', reading.tokens === null ? 'not logged' : formatCount(reading.tokens)],
    ['Loss', formatNumber(reading.loss, 4)],
    ['Learning rate', reading.rate === null ? 'not logged' : reading.rate.toPrecision(3)],
  ]
  const isOther = axis !== 'tokens' && axis !== 'steps'
  return (
    <div className={styles.reading} aria-hidden style={{ ...besides(layout.left + x, width), top: layout.lossTop + 8 }}>
      <p className={styles.readingHead}>
        <strong>{lines.band.card.experiment.name}</strong>
        {isOther ? (
          <span>
            {axisValue(axis, reading.x)} {axisWords(axis, data.device_kind)}
          </span>
        ) : null}
      </p>
      {rows.map(([name, value]) => (
        <p key={name} className={styles.readingPair}>
          <span>{name}</span>
          <b>{value}</b>
        </p>
      ))}
      {lines.band.card.run === null || reading.step === null ? null : (
        <p className={styles.readingFoot}>A click opens the nearest checkpoint</p>
      )}
    </div>
  )
}
