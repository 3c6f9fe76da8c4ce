import type { Change } from '#src/protocol/evaluations.ts'
import { yMark } from '#src/ui/charts/axis-words.ts'
import type { Scale } from '#src/ui/charts/ticks.ts'
import { changeInk } from './change-words.ts'
import styles from './dumbbell.module.css'
import { budgetAt } from './dumbbell-scale.ts'
import { scoreWords } from './score-digits.ts'

/** Places are percentages of the width, so that the drawing needs no measuring. */
const place = (scale: Scale, value: number): string =>
  `${(Math.min(1, Math.max(0, (value - scale.min) / (scale.max - scale.min))) * 100).toFixed(2)}%`

/**
 * A change as two points with their intervals: hollow ring above is the baseline, filled dot below is the stage, the bar between them is
 * the change (solid: certain, outlined: not, broken: no interval). Tick: the budget. Dots: chance.
 */
export function Dumbbell({ change, scale }: { change: Change; scale: Scale }) {
  const { baseline, value } = change
  const budget = budgetAt(change)
  const { chance } = change.benchmark
  const inRange = (v: number | null): v is number => v !== null && v >= scale.min - 1e-9 && v <= scale.max + 1e-9
  return (
    <svg className={styles.dumbbell} height={34} width="100%" role="img" aria-label={words(change)}>
      {inRange(chance) ? (
        <line className={styles.chance} x1={place(scale, chance)} x2={place(scale, chance)} y1={5} y2={29} />
      ) : null}
      {baseline !== null && value !== null ? <Bar change={change} scale={scale} /> : null}
      {inRange(budget) ? (
        <line className={styles.budget} x1={place(scale, budget)} x2={place(scale, budget)} y1={5} y2={29} />
      ) : null}
      {baseline === null ? null : (
        <>
          <Whisker
            scale={scale}
            low={change.baseline_low}
            high={change.baseline_high}
            y={10}
            className={styles.whisker}
          />
          <circle className={styles.ring} cx={place(scale, baseline)} cy={10} r={3.5} />
        </>
      )}
      {value === null ? null : (
        <>
          <Whisker scale={scale} low={change.value_low} high={change.value_high} y={24} className={styles.whiskerInk} />
          <circle className={styles.dot} cx={place(scale, value)} cy={24} r={4} />
        </>
      )}
    </svg>
  )
}

function Bar({ change, scale }: { change: Change; scale: Scale }) {
  const [from, to] = [place(scale, change.baseline as number), place(scale, change.value as number)]
  const kind =
    change.reading === 'gained' || change.reading === 'lost'
      ? 'certain'
      : change.reading === 'no_interval'
        ? 'broken'
        : 'open'
  // Uncertain changes are outlined in their direction's colour, since grey would say that nothing moved.
  const ink = change.utility === null || change.utility === 0 ? 'grey' : change.utility > 0 ? 'gained' : 'lost'
  return (
    <>
      <line
        className={styles.bar}
        data-kind={kind}
        data-ink={changeInk(change) === 'grey' ? ink : changeInk(change)}
        x1={from}
        x2={to}
        y1={17}
        y2={17}
      />
      {kind === 'open' ? <line className={styles.hole} x1={from} x2={to} y1={17} y2={17} /> : null}
    </>
  )
}

function Whisker(props: {
  scale: Scale
  low: number | null
  high: number | null
  y: number
  className: string | undefined
}) {
  const { scale, low, high, y } = props
  if (low === null || high === null) return null
  return <line className={props.className} x1={place(scale, low)} x2={place(scale, high)} y1={y} y2={y} />
}

function words(change: Change): string {
  const { baseline, value } = change
  if (value === null) return 'not measured'
  const score = (one: number) => scoreWords(one, change.benchmark)
  return baseline === null ? score(value) : `${score(baseline)} to ${score(value)}`
}

/** The axis that a group of dumbbells shares. */
export function DumbbellAxis({ scale }: { scale: Scale }) {
  return (
    <svg className={styles.dumbbell} height={20} width="100%" aria-hidden>
      {scale.at.map((v) => (
        <text key={v} className={styles.tick} x={place(scale, v)} y={13} textAnchor="middle">
          {yMark(v)}
        </text>
      ))}
      {scale.at.map((v) => (
        <line key={v} className={styles.tickMark} x1={place(scale, v)} x2={place(scale, v)} y1={17} y2={20} />
      ))}
    </svg>
  )
}
