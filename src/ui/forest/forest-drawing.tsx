'use client'
import type { KeyboardEvent } from 'react'
import type { Difference } from '#src/protocol/differences.ts'
import styles from './forest.module.css'
import { changeWords, intervalWords, markOf, movedWords, pWords, rowWords, stateWords } from './forest-words.ts'
import { type ForestPanel, isPaired, marksWithWords } from './prepare-forest.ts'

const AXIS = 36
const GROUP = 26
const GAP = 18
const LETTER = 6.6

/** Where things stand on a row: in one line, or on a phone in three. */
interface Layout {
  isNarrow: boolean
  row: number
  /** Left end and width of the plot. */
  left: number
  plot: number
  /** The middle of the plot below the top of a row. */
  middle: number
  columns: { change: number; moved: number; p: number; reading: number | null }
  name: number
}

function layoutOf(width: number): Layout {
  if (width < 640)
    return {
      isNarrow: true,
      row: 78,
      left: 8,
      plot: width - 16,
      middle: 62,
      columns: { change: width, moved: 0, p: width, reading: null },
      name: width - 120,
    }
  const isWide = width >= 1080
  const name = isWide ? 216 : 150
  const reading = isWide ? 158 : 0
  const p = width - reading
  const moved = p - (isWide ? 122 : 106)
  const change = moved - (isWide ? 176 : 158)
  const left = name + 8
  return {
    isNarrow: false,
    row: 34,
    left,
    plot: Math.max(90, change - left - (isWide ? 200 : 178)),
    middle: 17,
    columns: { change, moved, p, reading: isWide ? width - reading + 14 : null },
    name,
  }
}

export interface ForestDrawingProps {
  panels: readonly ForestPanel[]
  width: number
  /** Slug of the benchmark whose cell is open. */
  selected: string | null
  /** Printed below the name when rows differ in what they are compared with. */
  withReference: boolean
  onOpen: (benchmark: string, byKeys: boolean) => void
}

/** Differences as dots with their intervals, a panel a unit. Arrow keys go from row to row, Enter opens the cell. */
export function ForestDrawing(props: ForestDrawingProps) {
  const { panels, width } = props
  const layout = layoutOf(width)
  const tops: number[] = []
  let height = 0
  for (const panel of panels) {
    tops.push(height)
    height += heightOf(panel, layout) + GAP
  }
  const first = panels[0]?.groups[0]?.rows[0]?.benchmark.slug ?? null
  return (
    <svg className={styles.svg} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>Differences with their intervals; the table holds the same numbers</title>
      {panels.map((panel, i) => (
        <g key={panel.key} transform={`translate(0 ${tops[i] ?? 0})`}>
          <Panel {...props} panel={panel} layout={layout} tabStop={props.selected ?? first} />
        </g>
      ))}
    </svg>
  )
}

const heightOf = ({ groups }: ForestPanel, layout: Layout): number =>
  AXIS + groups.reduce((sum, { category, rows }) => sum + (category === null ? 0 : GROUP) + rows.length * layout.row, 0)

function Panel(props: ForestDrawingProps & { panel: ForestPanel; layout: Layout; tabStop: string | null }) {
  const { panel, layout } = props
  const { scale, unit, own } = panel
  const x = (value: number) => layout.left + ((value - scale.min) / (scale.max - scale.min || 1)) * layout.plot
  const bottom = heightOf(panel, layout)
  const zero = x(0)
  const places: { row: Difference; top: number }[] = []
  const captions: { category: string; top: number }[] = []
  let top = AXIS
  for (const { category, rows } of panel.groups) {
    if (category !== null) {
      captions.push({ category, top })
      top += GROUP
    }
    for (const row of rows) {
      places.push({ row, top })
      top += layout.row
    }
  }
  return (
    <>
      <Axis width={props.width} layout={layout} x={x} scale={scale} bottom={bottom} unit={own ?? unitTitle(unit)} />
      {captions.map(({ category, top: at }) => (
        <text key={category} className={styles.quiet} x={0} y={at + 17}>
          {category === '' ? 'Not grouped' : category.charAt(0).toUpperCase() + category.slice(1)}
        </text>
      ))}
      {places.map(({ row, top: at }) => (
        <Row key={row.benchmark.slug} {...props} row={row} top={at} x={x} />
      ))}
      <path d={`M${zero} ${AXIS}V${bottom}`} stroke="var(--ctl)" pointerEvents="none" />
    </>
  )
}

const unitTitle = (unit: Difference['unit']): string =>
  unit === 'points' ? 'points' : unit === 'nats' ? 'nats, turned' : 'bits per byte, turned'

function Axis(props: {
  width: number
  layout: Layout
  x: (value: number) => number
  scale: ForestPanel['scale']
  bottom: number
  unit: string
}) {
  const { width, layout, x, scale, bottom, unit } = props
  const { left, plot, columns, isNarrow } = layout
  const [zero, right] = [x(0), left + plot]
  return (
    <>
      {scale.at.map((value) => (
        <path key={value} d={`M${x(value)} ${AXIS}V${bottom}`} stroke="var(--grid)" />
      ))}
      {marksWithWords(scale.at, x, LETTER).map(({ value, words }) => (
        <text key={value} className={styles.quiet} x={x(value)} y={AXIS - 5} textAnchor={anchorOf(x(value), width)}>
          {words}
        </text>
      ))}
      {zero - left > 44 ? (
        <text className={styles.quiet} x={zero - 8} y={12} textAnchor="end">
          ← lost
        </text>
      ) : null}
      {right - zero > 52 ? (
        <text className={styles.quiet} x={zero + 8} y={12}>
          gained →
        </text>
      ) : null}
      <text className={styles.quiet} x={0} y={isNarrow ? 12 : AXIS - 5}>
        {cut(unit, Math.floor((isNarrow ? (zero - left > 44 ? zero - 52 : zero) : layout.name) / LETTER))}
      </text>
      {isNarrow ? null : (
        <>
          <text className={styles.quiet} x={columns.change} y={AXIS - 5} textAnchor="end">
            difference, 95 %
          </text>
          <text className={styles.quiet} x={columns.moved} y={AXIS - 5} textAnchor="end">
            items
          </text>
          <text className={styles.quiet} x={columns.p} y={AXIS - 5} textAnchor="end">
            p
          </text>
        </>
      )}
    </>
  )
}

/** A label at the edge of the drawing stays inside of it. */
const anchorOf = (at: number, width: number) => (at < 22 ? 'start' : at > width - 22 ? 'end' : 'middle')

function Row(
  props: ForestDrawingProps & {
    row: Difference
    top: number
    layout: Layout
    x: (value: number) => number
    tabStop: string | null
  },
) {
  const { row, top, layout, x, selected, width } = props
  const { slug } = row.benchmark
  const y = top + layout.middle
  const isCertain = row.state === 'forgot' || row.state === 'improved'
  const ink =
    row.state === 'forgot' ? 'var(--lost-ink)' : row.state === 'improved' ? 'var(--gain-ink)' : 'var(--text-2)'
  const keys = (event: KeyboardEvent<SVGGElement>) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      props.onOpen(slug, true)
    }
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const rows = [...(event.currentTarget.ownerSVGElement?.querySelectorAll<SVGGElement>('[data-benchmark]') ?? [])]
    rows[rows.indexOf(event.currentTarget) + by]?.focus()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML buttons cannot stand inside a drawing
    <g
      className={styles.row}
      role="button"
      tabIndex={slug === props.tabStop ? 0 : -1}
      aria-label={rowWords(row)}
      aria-pressed={slug === selected}
      data-benchmark={slug}
      data-state={row.state}
      onClick={() => props.onOpen(slug, false)}
      onKeyDown={keys}
    >
      <title>{`${rowWords(row)}. ${row.method}`}</title>
      <rect className={styles.ground} x={0} y={top} width={width} height={layout.row} data-screen-only />
      <Band row={row} top={top} layout={layout} x={x} />
      {row.low === null || row.high === null ? null : (
        <path
          d={`M${x(row.low)} ${y}H${x(row.high)}`}
          stroke={ink}
          strokeWidth={isCertain ? 2 : 1.5}
          strokeDasharray={isPaired(row) ? undefined : '4 3'}
        />
      )}
      <circle
        cx={x(row.delta)}
        cy={y}
        r={4.5}
        fill={isCertain || row.state === 'retained' ? ink : 'var(--bg)'}
        stroke={ink}
        strokeWidth={1.5}
        strokeDasharray={row.state === 'no_interval' ? '2 2' : undefined}
      />
      <Words row={row} top={top} layout={layout} withReference={props.withReference} />
    </g>
  )
}

/** The margin as a band, and the smallest detectable difference as two ticks where the axis reaches them. */
function Band(props: { row: Difference; top: number; layout: Layout; x: (value: number) => number }) {
  const { row, top, layout, x } = props
  const { margin, detectable } = row
  const y = top + layout.middle
  const right = layout.left + layout.plot
  const half = layout.isNarrow ? 12 : layout.row / 2
  return (
    <>
      {margin === null || margin === Number.MIN_VALUE ? null : (
        <rect
          x={x(-margin)}
          y={y - half}
          width={Math.max(1, x(margin) - x(-margin))}
          height={2 * half}
          fill="var(--bg-3)"
          fillOpacity={0.75}
        />
      )}
      {(detectable ? [-detectable, detectable] : []).map((value) =>
        x(value) < layout.left - 1 || x(value) > right + 1 ? null : (
          <path key={value} d={`M${x(value)} ${y - 6}v12`} stroke="var(--ctl)" strokeWidth={1.25} />
        ),
      )}
    </>
  )
}

function Words(props: { row: Difference; top: number; layout: Layout; withReference: boolean }) {
  const { row, top, layout, withReference } = props
  const { columns, isNarrow } = layout
  const interval = intervalWords(row) ?? 'no interval'
  const name = `${row.benchmark.name}${row.benchmark.higher_is_better ? '' : ' ↓'}`
  const ink = row.state === 'forgot' ? 'lost' : row.state === 'improved' ? 'gained' : undefined
  const [first, second] = isNarrow ? [top + 16, top + 34] : [top + 21, top + 21]
  const isTwoLines = withReference && !isNarrow
  return (
    <>
      <text className={styles.name} x={0} y={isTwoLines ? top + 15 : first}>
        {cut(name, Math.floor(layout.name / LETTER))}
      </text>
      {isTwoLines ? (
        <text className={styles.quiet} x={0} y={top + 29}>
          {cut(`vs ${row.against.experiment.name}`, Math.floor(layout.name / LETTER))}
        </text>
      ) : null}
      <text className={styles.value} data-ink={ink} x={columns.change} y={first} textAnchor="end">
        {`${markOf(row)} ${changeWords(row)}`.trim()}
        {isNarrow ? null : <tspan className={styles.quiet}>{`  ${interval}`}</tspan>}
      </text>
      {isNarrow ? (
        <text className={styles.quiet} x={0} y={second}>
          {cut(`${interval} · ${movedShort(row)}`, 42)}
        </text>
      ) : (
        <text className={styles.quiet} x={columns.moved} y={first} textAnchor="end">
          {movedShort(row)}
        </text>
      )}
      <text className={styles.quiet} x={columns.p} y={second} textAnchor="end">
        {pWords(row)}
      </text>
      {columns.reading === null ? null : (
        <text className={styles.reading} data-ink={ink} x={columns.reading} y={first}>
          {stateWords(row)}
        </text>
      )}
    </>
  )
}

/** "45 lost, 20 gained" without the count of all, which the row's title tells. */
const movedShort = (row: Difference): string => (row.moved ? movedWords(row).replace(/ of .*/, '') : movedWords(row))

const cut = (words: string, most: number): string => (words.length > most ? `${words.slice(0, most - 1)}…` : words)
