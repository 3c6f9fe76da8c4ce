'use client'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { isLong, leafWords } from '#src/core/comparisons/config-rows.ts'
import { type MetricNumber, metricChange } from '#src/core/comparisons/metric-change.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import type { SideBySide } from '#src/protocol/comparisons.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { baselineOf, type Sides } from '#src/ui/side-by-side/sides.ts'
import { Part } from '#src/ui/side-by-side/sides-table.tsx'
import type { TextPart } from '#src/ui/side-by-side/sides-text.ts'
import styles from './compare.module.css'
import { changeOfMetric, metricWords } from './metric-words.ts'

type ConfigRow = SideBySide['config'][number]
type MetricRow = SideBySide['metrics'][number]

export const STATS = ['last', 'best', 'min', 'max'] as const
export type Stat = (typeof STATS)[number]

/** Rows of a part that are drawn before somebody asks for all of them. */
const SHOWN_FIRST = 60
/** Characters of a long value that a cell shows. */
const CELL_TEXT = 48

export interface PartChoice {
  differencesOnly: boolean
  /** A part of the key's name that rows must hold; '' holds for all. */
  filter: string
  stat: Stat
}

const holds = (name: string, filter: string): boolean => name.toLowerCase().includes(filter.trim().toLowerCase())

/** Rows of the config that the choice shows. */
export const shownConfig = (rows: readonly ConfigRow[], { differencesOnly, filter }: PartChoice): ConfigRow[] =>
  rows.filter((row) => (row.differs || !differencesOnly) && holds(row.path.join('.'), filter))

/** Metrics that the choice shows; with `differs` told for the statistic in view. */
export const shownMetrics = (rows: readonly MetricRow[], { differencesOnly, filter, stat }: PartChoice): MetricRow[] =>
  rows
    .map((row) => ({
      ...row,
      differs: new Set(row.cells.map((cell) => JSON.stringify(cell?.[stat] ?? null))).size > 1,
    }))
    .filter((row) => (row.differs || !differencesOnly) && holds(row.key, filter))

/** The config, key by key; groups stand before the key in a quieter ink. */
export function ConfigPart(props: {
  sides: Sides
  rows: readonly ConfigRow[]
  leftOut: number
  choice: PartChoice
  /** Shows the texts of a long value against each other. */
  onText: (path: readonly string[]) => void
}) {
  const { sides, rows, leftOut, choice, onText } = props
  const base = baselineOf(sides)
  const shown = shownConfig(rows, choice)
  const { first, more } = useFirst(shown)
  return (
    <Part title="Config" rows={rows} span={sides.columns.length + 1} note={noteOf(rows.length, leftOut, 'keys')}>
      {first.map((row) => {
        const long = row.cells.some((cell) => cell !== null && isLong(cell))
        return (
          <tr key={row.path.join('\0')} data-difference={row.differs || undefined}>
            <th scope="row" className={styles.key}>
              {row.path.length > 1 ? <span className="ink-3">{row.path.slice(0, -1).join('.')}.</span> : null}
              {row.path.at(-1)}
              {long && row.differs ? (
                <button type="button" className={`link ${styles.asText}`} onClick={() => onText(row.path)}>
                  as text<span className="visually-hidden">: {row.path.join('.')}</span>
                </button>
              ) : null}
            </th>
            {row.cells.map((cell, i) => (
              <td
                key={sides.columns[i]?.key ?? i}
                className={styles.value}
                data-baseline={i === base || undefined}
                data-same={(i !== base && base >= 0 && cell === row.cells[base]) || undefined}
              >
                {cell === null ? <NotSet /> : <span title={leafWords(cell)}>{short(leafWords(cell))}</span>}
              </td>
            ))}
          </tr>
        )
      })}
      <MoreRow span={sides.columns.length + 1} left={shown.length - first.length} onMore={more} />
      <NoneRow span={sides.columns.length + 1} shown={shown.length} all={rows.length} choice={choice} what="key" />
    </Part>
  )
}

/** The metrics: value, change against the baseline, and whether that is better by the metric's direction. */
export function MetricsPart(props: { sides: Sides; rows: readonly MetricRow[]; leftOut: number; choice: PartChoice }) {
  const { sides, rows, leftOut, choice } = props
  const base = baselineOf(sides)
  const shown = shownMetrics(rows, choice)
  const { first, more } = useFirst(shown)
  const all = shownMetrics(rows, { ...choice, differencesOnly: false, filter: '' })
  return (
    <Part
      title={`Metrics, ${choice.stat}`}
      rows={all}
      span={sides.columns.length + 1}
      note={noteOf(rows.length, leftOut, 'metrics')}
    >
      {first.map((row) => (
        <tr key={row.key} data-difference={row.differs || undefined}>
          <th scope="row" className={styles.key}>
            {row.key}
            {row.orientation === null ? '' : ` ${directionArrow(row.orientation === 'higher')}`}
          </th>
          {row.cells.map((cell, i) => {
            const value = (cell?.[choice.stat] ?? null) as MetricNumber
            const against = base < 0 || i === base ? null : ((row.cells[base]?.[choice.stat] ?? null) as MetricNumber)
            const change = against === null ? null : metricChange(value, against, row.orientation)
            return (
              <td
                key={sides.columns[i]?.key ?? i}
                data-baseline={i === base || undefined}
                title={value === null ? undefined : String(value)}
              >
                {value === null ? <NotSet>not logged</NotSet> : metricWords(row.key, value)}
                {change && change.delta !== 0 ? (
                  <span className={styles.delta} data-verdict={change.verdict}>
                    {changeOfMetric(row.key, change.delta)}
                    {change.verdict === 'unknown' ? '' : ` ${change.verdict}`}
                  </span>
                ) : null}
              </td>
            )
          })}
        </tr>
      ))}
      <MoreRow span={sides.columns.length + 1} left={shown.length - first.length} onMore={more} />
      <NoneRow span={sides.columns.length + 1} shown={shown.length} all={rows.length} choice={choice} what="metric" />
    </Part>
  )
}

/** Config and metrics as the copy of the table has them. */
export function partTexts(sides: Sides, of: SideBySide, choice: PartChoice): TextPart[] {
  const base = baselineOf(sides)
  const config = shownConfig(of.config, choice)
  const metrics = shownMetrics(of.metrics, choice)
  return [
    ...(config.length === 0
      ? []
      : [
          {
            title: 'Config',
            verbatim: true as const,
            rows: config.map((row) => ({
              label: row.path.join('.'),
              cells: row.cells.map((cell) => (cell === null ? 'not set' : leafWords(cell))),
            })),
          },
        ]),
    ...(metrics.length === 0
      ? []
      : [
          {
            title: `Metrics, ${choice.stat}`,
            rows: metrics.map((row) => ({
              label: `${row.key}${row.orientation === null ? '' : ` ${directionArrow(row.orientation === 'higher')}`}`,
              cells: row.cells.map((cell, i) => {
                const value = (cell?.[choice.stat] ?? null) as MetricNumber
                if (value === null) return 'not logged'
                const against =
                  base < 0 || i === base ? null : ((row.cells[base]?.[choice.stat] ?? null) as MetricNumber)
                const change = against === null ? null : metricChange(value, against, row.orientation)
                if (!change || change.delta === 0) return metricWords(row.key, value)
                const verdict = change.verdict === 'unknown' ? '' : `, ${change.verdict}`
                return `${metricWords(row.key, value)}, ${changeOfMetric(row.key, change.delta)}${verdict}`
              }),
            })),
          },
        ]),
  ]
}

const short = (words: string): string => {
  const [line = ''] = words.split('\n')
  return words.length > CELL_TEXT || line !== words ? `${line.slice(0, CELL_TEXT)}…` : words
}

const noteOf = (count: number, leftOut: number, what: string): string | null =>
  leftOut > 0 ? `the first ${formatExactCount(count)} of ${formatExactCount(count + leftOut)} ${what}` : null

const NotSet = ({ children = 'not set' }: { children?: string }) => <span className="ink-3">{children}</span>

function useFirst<Row>(rows: readonly Row[]): { first: readonly Row[]; more: () => void } {
  const [isAll, setAll] = useState(false)
  return { first: isAll ? rows : rows.slice(0, SHOWN_FIRST), more: () => setAll(true) }
}

const MoreRow = ({ span, left, onMore }: { span: number; left: number; onMore: () => void }) =>
  left > 0 ? (
    <tr>
      <td colSpan={span}>
        <Button size="compact-xs" onClick={onMore}>
          Show {formatExactCount(left)} more
        </Button>
      </td>
    </tr>
  ) : null

function NoneRow(props: { span: number; shown: number; all: number; choice: PartChoice; what: string }) {
  const { span, shown, all, choice, what } = props
  if (shown > 0) return null
  const words =
    all === 0
      ? `No ${what} was recorded`
      : choice.filter.trim() !== ''
        ? `No ${what} with "${choice.filter.trim()}" in its name${choice.differencesOnly ? ' differs' : ''}`
        : `All ${formatExactCount(all)} say the same`
  return (
    <tr>
      <td colSpan={span} className="ink-3">
        {words}
      </td>
    </tr>
  )
}
