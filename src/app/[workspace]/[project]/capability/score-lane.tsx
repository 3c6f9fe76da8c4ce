import { formatChange, formatNumber } from '#src/core/format/number.ts'
import { changeArrow, directionArrow } from '#src/ui/changes/change-words.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'
import styles from './capability.module.css'
import { changeWords, corpusWords, countWords, unitOfLane } from './capability-words.ts'
import { LANE, type Layout, NOW_AT, RIGHT } from './drawing-layout.ts'
import { BreakMark, LaneName } from './lane-name.tsx'
import type { Against, Dot, Lane, LossUnit } from './prepare-capability.ts'

/** Scores of one benchmark, or its changes, in a lane of its own scale. */
export function ScoreLane(props: {
  lane: Lane
  top: number
  layout: Layout
  against: Against
  unit: LossUnit
  colourOf: (stage: number) => string
}) {
  const { lane, top, layout, against } = props
  const { plot, narrow, left } = layout
  const { benchmark, scale, dots } = lane
  const y = (value: number) => top + 16 + ((scale.max - value) / (scale.max - scale.min || 1)) * (LANE - 26)
  const last = dots.at(-1)
  const digits = Math.min(narrow ? 2 : 3, digitsOf(benchmark, last?.cell.score ?? 0))
  const print = (value: number) => (against === 'score' ? formatNumber(value, digits) : formatChange(value, digits))
  return (
    <g>
      <LaneName
        layout={layout}
        top={top}
        name={benchmark.name}
        notes={laneNotes(lane, against, props.unit)}
        whole={corpusWords(dots.map((d) => d.cell))?.whole}
      />
      {scale.at.map((value) => (
        <g key={value}>
          <path d={`M0 ${y(value)}H${plot}`} stroke="var(--grid)" />
          <text className={styles.quiet} x={-6} y={y(value) + 4} textAnchor="end">
            {formatNumber(value, scale.max - scale.min < 0.5 ? 2 : 1)}
          </text>
        </g>
      ))}
      {lane.line ? (
        <LevelLine
          y={y(lane.line.value)}
          plot={plot}
          dash={against === 'score' ? '1.5 3' : undefined}
          word={against === 'score' ? `chance ${formatNumber(lane.line.value, digits)}` : ''}
        />
      ) : null}
      {lane.target === null ? null : (
        <LevelLine y={y(lane.target)} plot={plot} dash="6 3" word={`target ${formatNumber(lane.target, digits)}`} />
      )}
      {lane.joins.map(([from, to]) => {
        const [a, b] = [dots[from] as Dot, dots[to] as Dot]
        return <path key={from} d={`M${a.x} ${y(a.value)}L${b.x} ${y(b.value)}`} stroke="var(--ctl)" fill="none" />
      })}
      {lane.breaks.map(({ x, why }) => (
        <BreakMark key={x} x={x} y={top + LANE / 2} why={`Not joined: ${why}`} />
      ))}
      {against === 'parent'
        ? dots.map((dot) => (
            <path
              key={dot.point}
              d={`M${dot.x} ${y(0)}V${y(dot.value)}`}
              stroke={props.colourOf(dot.stage)}
              strokeWidth={3}
            />
          ))
        : null}
      {dots.map((dot) => (
        <DotMark key={dot.point} dot={dot} y={y} against={against} colour={props.colourOf(dot.stage)} />
      ))}
      {labelled(dots, plot).map((dot) => (
        <text
          key={dot.point}
          className={styles.value}
          x={dot.x - 2}
          y={Math.max(top + 11, y(dot.high ?? dot.value) - 5)}
          textAnchor="end"
        >
          {print(dot.value)}
        </text>
      ))}
      {last && !narrow ? <Now lane={lane} last={last} y={top + LANE / 2 + 6} plot={plot} /> : null}
      <path d={`M${-left} ${top + LANE}H${narrow ? plot : plot + RIGHT}`} stroke="var(--line)" />
    </g>
  )
}

function LevelLine(props: { y: number; plot: number; dash: string | undefined; word: string }) {
  const { y, plot, dash, word } = props
  return (
    <g>
      <path d={`M0 ${y}H${plot}`} stroke="var(--ctl)" strokeDasharray={dash} />
      {word === '' ? null : (
        <text className={styles.value} x={plot - 4} y={y - 4} textAnchor="end" fontSize={12} opacity={0.85}>
          {word}
        </text>
      )}
    </g>
  )
}

/** Filled: as measured, or a change that is certain; hollow: a change whose interval holds 0. Small: not the stage's checkpoint. */
function DotMark(props: { dot: Dot; y: (v: number) => number; against: Against; colour: string }) {
  const { dot, y, against, colour } = props
  const isHollow = against !== 'score' && dot.low !== null && dot.high !== null && dot.low <= 0 && dot.high >= 0
  return (
    <g>
      {dot.low !== null && dot.high !== null ? (
        <path d={`M${dot.x} ${y(dot.low)}V${y(dot.high)}`} stroke="var(--ctl)" strokeWidth={1.25} />
      ) : null}
      <circle
        cx={dot.x}
        cy={y(dot.value)}
        r={dot.ofStage ? 3.5 : 2}
        fill={isHollow ? 'var(--bg)' : colour}
        stroke={isHollow ? colour : 'var(--bg)'}
        strokeWidth={isHollow ? 1.5 : 1}
      />
    </g>
  )
}

/** The heads of the two columns at the right. */
export function NowHeads({ plot, first, against }: { plot: number; first: string; against: Against }) {
  return (
    <g>
      <text className={styles.quiet} x={plot + NOW_AT} y={14} textAnchor="end">
        {against === 'score' ? 'now' : ''}
      </text>
      <text className={styles.quiet} x={plot + RIGHT} y={14} textAnchor="end">
        since {first.length > 8 ? `${first.slice(0, 7)}…` : first}
      </text>
    </g>
  )
}

function Now({ lane, last, y, plot }: { lane: Lane; last: Dot; y: number; plot: number }) {
  const root = last.cell.root
  const digits = digitsOf(lane.benchmark, last.cell.score)
  const isCertain = root?.reading === 'gained' || root?.reading === 'lost'
  const ink = !isCertain ? 'var(--text-2)' : root.reading === 'gained' ? 'var(--gain-ink)' : 'var(--lost-ink)'
  return (
    <g>
      <text className={styles.now} x={plot + NOW_AT} y={y} textAnchor="end">
        {formatNumber(last.cell.score, digits)}
      </text>
      {root && root.change !== null ? (
        <text className={styles.since} x={plot + RIGHT} y={y} textAnchor="end" fill={ink}>
          {`${changeArrow(lane.benchmark.higher_is_better ? root.change : -root.change, isCertain)} ${formatChange(root.change, digits)}`.trim()}
        </text>
      ) : null}
      {root ? <title>{`${lane.benchmark.name} since the root: ${changeWords(root, digits)}`}</title> : null}
    </g>
  )
}

function laneNotes(lane: Lane, against: Against, shown: LossUnit): string[] {
  const { benchmark, dots } = lane
  const counts = new Set(dots.map((d) => d.cell.n))
  const [n] = counts
  const unit = unitOfLane(benchmark, shown)
  const word = benchmark.higher_is_better ? 'higher is better' : 'lower is better'
  const isByDocument = dots.some((d) => d.cell.documents !== null)
  const interval = dots.some((d) => d.low !== null) ? `95 %${isByDocument ? ' by document' : ''}` : 'no interval'
  const notMeasured =
    against !== 'score' ? 'nothing to compare' : shown === 'reported' ? 'not measured here' : 'not known in this unit'
  const corpus = corpusWords(dots.map((d) => d.cell))
  return [
    // The arrow says which way is better; a unit needs the room.
    `${directionArrow(benchmark.higher_is_better)} ${unit ?? word}`,
    dots.length === 0
      ? notMeasured
      : `${counts.size === 1 && n !== undefined && !isByDocument ? `${countWords(n)}, ` : ''}${interval}`,
    ...(corpus === null ? [] : [corpus.short]),
  ]
}

/** Stage checkpoints whose words do not run into each other; from the right, so that the last is always said. */
function labelled(dots: readonly Dot[], plot: number): Dot[] {
  const kept: Dot[] = []
  let free = plot + 50
  for (const dot of [...dots].reverse()) {
    if (!dot.ofStage || dot.x > free) continue
    kept.push(dot)
    free = dot.x - 44
  }
  return kept
}
