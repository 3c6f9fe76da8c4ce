'use client'
import Link from 'next/link'
import { formatNumber, formatPercent } from '#src/core/format/number.ts'
import type { PreferenceRatings, RatedModelView } from '#src/protocol/preferences.ts'
import { innerScale } from '#src/ui/charts/ticks.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { ratingWords, shareWords } from './preference-words.ts'
import styles from './preferences.module.css'

const ROW = 34
const HEAD = 8
const FOOT = 40
const LETTER = 7.8

/** Models with their rating and its interval on one axis, the best above; win shares where there are no ratings. */
export function RatingDrawing(props: {
  data: PreferenceRatings
  width: number
  hrefOf: (model: RatedModelView) => string | null
}) {
  const { data, width, hrefOf } = props
  const isRated = data.anchor !== null
  const marks = data.models.map((model) => markOf(model, isRated))
  const line = isRated ? 1000 : 0.5
  const narrow = width < 640
  const names = Math.max(...data.models.map(({ name }) => name.length)) * LETTER + 14
  const left = narrow ? 4 : Math.min(240, Math.max(90, names))
  const right = narrow ? 12 : 170
  const plot = Math.max(120, width - left - right)
  const scale = scaleOf(marks, line, isRated, narrow ? 3 : 6)
  const x = (value: number) => left + ((value - scale.min) / (scale.max - scale.min || 1)) * plot
  const row = narrow ? ROW + 14 : ROW
  const bottom = HEAD + data.models.length * row
  const height = bottom + FOOT
  return (
    <svg className={styles.svg} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>
        {isRated ? 'Preference ratings' : 'Win shares'} with 95 % intervals; the table holds the same numbers
      </title>
      {scale.at.map((value) => (
        <g key={value}>
          <path d={`M${x(value)} ${HEAD}V${bottom}`} stroke="var(--grid)" />
          <text className={styles.quiet} x={x(value)} y={bottom + 16} textAnchor="middle">
            {isRated ? formatNumber(value, 0) : formatPercent(value)}
          </text>
        </g>
      ))}
      <path d={`M${x(line)} ${HEAD}V${bottom}`} stroke="var(--ctl)" strokeDasharray="3 3" />
      <text className={styles.quiet} x={left + plot / 2} y={bottom + 34} textAnchor="middle">
        {isRated ? 'rating, preferred more →' : 'share of battles won →'}
      </text>
      {data.models.map((model, i) => {
        const mark = marks[i]
        if (!mark) return null
        const y = HEAD + i * row + (narrow ? row - 14 : row / 2)
        const colour = model.experiment ? STAGE_LOOKS[model.experiment.stage_kind].colour : 'var(--text-2)'
        const words = isRated ? ratingWords(model, data.anchor) : shareWords(model)
        const isAnchor = model.id === data.anchor
        return (
          <Linked key={model.id} href={hrefOf(model)} label={`${model.name}: ${words}`}>
            <rect x={0} y={HEAD + i * row} width={width} height={row} fill="transparent" />
            <text
              className={styles.name}
              x={narrow ? left : left - 12}
              y={narrow ? y - 12 : y + 4}
              textAnchor={narrow ? 'start' : 'end'}
            >
              {model.name}
            </text>
            {mark.low !== null && mark.high !== null && !isAnchor ? (
              <path d={`M${x(mark.low)} ${y}H${x(mark.high)}`} stroke={colour} strokeWidth={2} opacity={0.55} />
            ) : null}
            {isAnchor ? (
              <path d={`M${x(mark.value)} ${y - 6}l6 6l-6 6l-6 -6Z`} fill={colour} stroke="var(--bg)" />
            ) : (
              <circle cx={x(mark.value)} cy={y} r={5} fill={colour} stroke="var(--bg)" />
            )}
            <text
              className={styles.value}
              x={narrow ? width : left + plot + 16}
              y={narrow ? y - 12 : y + 4}
              textAnchor={narrow ? 'end' : 'start'}
            >
              {words}
            </text>
          </Linked>
        )
      })}
    </svg>
  )
}

function Linked(props: { href: string | null; label: string; children: React.ReactNode }) {
  const { href, label, children } = props
  if (href === null)
    return (
      <g>
        <title>{label}</title>
        {children}
      </g>
    )
  return (
    <Link href={href} aria-label={label} className={styles.row}>
      {children}
    </Link>
  )
}

interface Mark {
  value: number
  low: number | null
  high: number | null
}

const markOf = (model: RatedModelView, isRated: boolean): Mark =>
  isRated && model.rating !== null
    ? { value: model.rating, low: model.rating_low, high: model.rating_high }
    : { value: model.share, low: model.low, high: model.high }

function scaleOf(marks: readonly Mark[], line: number, isRated: boolean, count: number) {
  if (!isRated) return innerScale(0, 1, count, false)
  const ends = [line, ...marks.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value])]
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const pad = Math.max(10, (high - low) * 0.06)
  return innerScale(low - pad, high + pad, count, true)
}
