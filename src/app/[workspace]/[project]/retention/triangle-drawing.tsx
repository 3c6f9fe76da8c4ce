'use client'
import Link from 'next/link'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { Triangle } from '#src/protocol/triangle.ts'
import { SCORE_STEPS } from '#src/ui/matrix/cell-look.ts'
import styles from './triangle.module.css'
import { targetName, targetShort } from './triangle-words.ts'

const ROW = 46
const HEAD = 50
const LETTER = 6.6

/** R as a grid: rows are models, columns targets; below the diagonal with the change since the target's own stage. */
export function TriangleDrawing(props: {
  triangle: Triangle
  width: number
  withUpper: boolean
  /** The cell of the retention matrix behind a score; null: there is none. */
  hrefOf: (model: number, target: number) => string | null
}) {
  const { triangle, withUpper, hrefOf } = props
  const { stages, cells } = triangle
  const left = props.width < 640 ? 104 : 176
  const cell = Math.min(168, Math.max(106, (props.width - left) / Math.max(1, stages.length)))
  const width = left + stages.length * cell
  const height = HEAD + stages.length * ROW + 4
  return (
    <svg className={styles.svg} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>Models on the targets of the stages; the table holds the same numbers</title>
      <defs>
        <pattern id="triangle-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0v7" stroke="var(--ctl)" strokeOpacity="0.45" />
        </pattern>
      </defs>
      <text className={styles.quiet} x={0} y={HEAD - 10}>
        model after ↓
      </text>
      {stages.map((stage, j) => {
        const right = left + (j + 1) * cell - 8
        return (
          <g key={stage.experiment.number}>
            <text className={styles.head} x={right} y={HEAD - 26} textAnchor="end">
              {cut(targetShort(stage), Math.floor((cell - 16) / LETTER))}
              <title>{targetName(stage)}</title>
            </text>
            <text className={styles.quiet} x={right} y={HEAD - 10} textAnchor="end">
              {cut(`${cell < 130 ? '' : 'target '}of ${stage.experiment.name}`, Math.floor((cell - 16) / LETTER))}
            </text>
            <text className={styles.head} x={0} y={HEAD + j * ROW + 27}>
              {cut(stage.experiment.name, Math.floor((left - 8) / LETTER))}
              <title>{stage.experiment.name}</title>
            </text>
          </g>
        )
      })}
      {cells.flatMap((row, i) =>
        row.map((of, j) => (
          <Score
            key={`${stages[i]?.experiment.number} ${stages[j]?.experiment.number}`}
            triangle={triangle}
            model={i}
            target={j}
            of={of}
            box={{ x: left + j * cell, y: HEAD + i * ROW, width: cell - 3, height: ROW - 3 }}
            withUpper={withUpper}
            href={of.score === null ? null : hrefOf(i, j)}
          />
        )),
      )}
    </svg>
  )
}

function Score(props: {
  triangle: Triangle
  model: number
  target: number
  of: Triangle['cells'][number][number]
  box: { x: number; y: number; width: number; height: number }
  withUpper: boolean
  href: string | null
}) {
  const { triangle, model, target, of, box, withUpper, href } = props
  const isBefore = target > model
  const own = triangle.cells[target]?.[target]?.score ?? null
  const change = isBefore || model === target || of.score === null || own === null ? null : of.score - own
  const right = box.x + box.width - 8
  const words = wordsOf(triangle, model, target, of, change)
  const ground = change === null ? null : groundOf(change)
  const first = box.y + (change === null && !isBefore ? 26 : 18)
  const isHidden = isBefore && !withUpper
  const drawn = (
    <>
      <title>{words}</title>
      <rect
        {...box}
        rx={3}
        fill={
          isBefore
            ? of.score === null && withUpper
              ? 'url(#triangle-hatch)'
              : 'none'
            : of.score === null
              ? 'url(#triangle-hatch)'
              : (ground ?? 'var(--bg)')
        }
        fillOpacity={ground ? 0.7 : 1}
        stroke={model === target ? 'var(--text)' : isBefore ? 'var(--line)' : ground ? 'var(--ctl)' : 'var(--line-2)'}
        strokeDasharray={isBefore || ground ? '3 2' : undefined}
      />
      {isHidden ? (
        <text className={styles.quiet} x={right} y={box.y + 26} textAnchor="end">
          before training
        </text>
      ) : (
        <>
          <text className={isBefore ? styles.quiet : styles.value} x={right} y={first} textAnchor="end">
            {of.score === null ? 'not measured' : formatNumber(of.score, 1)}
          </text>
          {change === null && !isBefore ? null : (
            <text className={isBefore ? styles.quiet : styles.change} x={right} y={box.y + 34} textAnchor="end">
              {isBefore
                ? 'before training'
                : `${change !== null && change < 0 ? '▼ ' : change !== null && change > 0 ? '▲ ' : ''}${formatChange(change ?? 0, 1)}`}
            </text>
          )}
        </>
      )}
    </>
  )
  return href === null || isHidden ? (
    <g>{drawn}</g>
  ) : (
    <Link href={href} aria-label={words} className={styles.link}>
      {drawn}
    </Link>
  )
}

function wordsOf(
  triangle: Triangle,
  model: number,
  target: number,
  of: Triangle['cells'][number][number],
  change: number | null,
): string {
  const [at, aims] = [triangle.stages[model], triangle.stages[target]]
  if (!at || !aims) return ''
  const place = `${targetName(aims)} after ${at.experiment.name}`
  const score = of.score === null ? (of.reason ?? 'not measured') : `${formatNumber(of.score, 1)} points`
  const since = change === null ? '' : `, ${formatChange(change, 1)} since ${aims.experiment.name}`
  return `${place}: ${score}${since}${target > model ? ', before training' : model === target ? ', just trained' : ''}`
}

/** The step of the diverging ramp for a change in points; null for none. Without an interval no step is painted as certain. */
function groundOf(change: number): string | null {
  if (formatNumber(Math.abs(change), 1) === '0.0') return null
  const step = 1 + SCORE_STEPS.filter((from) => Math.abs(change) >= 100 * from - 1e-9).length
  return `var(--${change < 0 ? 'lost' : 'gain'}-${Math.min(4, step)})`
}

const cut = (words: string, most: number): string =>
  words.length > most ? `${words.slice(0, Math.max(1, most - 1))}…` : words
