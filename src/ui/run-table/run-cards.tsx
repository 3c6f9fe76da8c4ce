'use client'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight, Eye, EyeOff } from 'lucide-react'
import Link from 'next/link'
import { type CSSProperties, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { RunSwatch } from '#src/ui/charts/line-swatch.tsx'
import { type ColouredBy, lookOfRun } from '#src/ui/charts/run-colour.ts'
import { useTextScale } from '#src/ui/kit/text-scale.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import { cellWords } from './cell-words.ts'
import type { ColumnLook } from './column-look.ts'
import type { GridColumn } from './grid-columns.ts'
import type { TableGroup } from './group-tree.ts'
import { groupCell, groupName } from './group-words.ts'
import styles from './run-cards.module.css'
import { cellOf, type LoadedRow } from './table-row.ts'
import type { RunTableState } from './use-run-table.ts'

/** Heights, px of lettering of 16 px: a card, the row of a group. */
const CARD_HEIGHT = 64
const GROUP_HEIGHT = 48
/** Columns that a card has room for. */
const METRICS_SHOWN = 3

/** Runs on a phone: two lines each, the whole width touchable, with the first three columns that hold numbers, else the stage. */
export function RunCards(props: {
  workspace: string
  project: string
  state: RunTableState
  closed: ReadonlySet<string>
  colouredBy: ColouredBy
  /** Cards at most; absent: all. */
  most?: number
  /** Runs that charts do not draw, and the way to change that; absent where no charts are. */
  eyes?: { hidden: ReadonlySet<number>; onToggle: (number: number) => void }
  onToggleGroup: (group: TableGroup) => void
}) {
  const { state, closed, eyes } = props
  const { plan } = state
  const list = useRef<HTMLUListElement>(null)
  const offset = useTopOf(list)
  const scale = useTextScale()
  const rows = useWindowVirtualizer({
    count: Math.min(plan.total, props.most ?? plan.total),
    estimateSize: (place) => scale * (plan.at(place)?.kind === 'group' ? GROUP_HEIGHT : CARD_HEIGHT),
    overscan: 8,
    scrollMargin: offset,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are measured anew when the plan or the lettering changes
  useLayoutEffect(() => rows.measure(), [plan, scale, rows])
  const from = rows.range?.startIndex ?? 0
  const to = rows.range?.endIndex ?? 0
  const { onRange } = state
  useEffect(() => onRange(from, to), [from, to, onRange])
  const numbers = state.columns.all.filter(({ look }) => look.align === 'right').slice(0, METRICS_SHOWN)
  return (
    <ul ref={list} className={styles.list} style={{ height: rows.getTotalSize() }} aria-label="Runs">
      {rows.getVirtualItems().map((item) => {
        const planned = plan.at(item.index)
        const style: CSSProperties = { top: item.start - offset, height: item.size }
        if (planned === null) return null
        if (planned.kind === 'group') {
          const { group } = planned
          return (
            <GroupCard
              key={`group ${group.path}`}
              group={group}
              depth={planned.depth}
              isClosed={closed.has(group.path)}
              column={numbers[0]}
              currency={state.currency}
              style={style}
              onToggle={() => props.onToggleGroup(group)}
            />
          )
        }
        const loaded = state.rows.rowOf(planned)
        if (loaded === null) {
          return (
            <li key={`place ${item.index}`} className={styles.card} style={style} aria-busy>
              <span className={styles.skeleton} />
              <span className="visually-hidden">loading</span>
            </li>
          )
        }
        return (
          <Card
            key={loaded.row.uid}
            loaded={loaded}
            href={paths.run(props.workspace, props.project, loaded.row.number)}
            numbers={numbers}
            currency={state.currency}
            isHidden={eyes?.hidden.has(loaded.row.number) ?? false}
            colouredBy={props.colouredBy}
            groupKey={state.drawn?.get(loaded.row.number) ?? null}
            style={style}
            onToggleHidden={eyes?.onToggle}
          />
        )
      })}
    </ul>
  )
}

/** How far below the top of the page a part begins, px; parts above it may grow. */
function useTopOf(part: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const measure = () => setTop(Math.round((part.current?.getBoundingClientRect().top ?? 0) + window.scrollY))
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(document.body)
    return () => watch.disconnect()
  }, [part])
  return top
}

function Card(props: {
  loaded: LoadedRow
  href: string
  numbers: readonly GridColumn[]
  currency: string
  isHidden: boolean
  colouredBy: ColouredBy
  groupKey: string | null
  style: CSSProperties
  onToggleHidden: ((number: number) => void) | undefined
}) {
  const { loaded, numbers, currency, isHidden, onToggleHidden } = props
  const { row } = loaded
  const look = lookOfRun({ number: row.number, stage: row.stage, groupKey: props.groupKey }, props.colouredBy)
  const told = numbers.flatMap(({ look: column }) => {
    const value = cellOf(loaded, column.text)
    const text = value === undefined ? '' : cellWords(column, value, currency).text
    return text === '' ? [] : [{ column, text }]
  })
  return (
    <li className={styles.card} style={props.style}>
      <Link className={styles.open} href={props.href} prefetch={false}>
        <span className={styles.line}>
          <RunSwatch look={look} off={isHidden} />
          <strong>{row.name}</strong>
          <span className="ink-3">#{row.number}</span>
          <span className={styles.end}>
            <StateWord state={row.state} />
          </span>
        </span>
        <span className={styles.line}>
          <StageIcon kind={row.stage.kind} size={18} label />
          {told.length === 0 ? <span className={styles.stage}>{row.stage.name}</span> : null}
          {told.map(({ column, text }) => (
            <span key={column.text} className={styles.value}>
              <span className={`${styles.label} ink-3`}>{labelOf(column, numbers)}</span>
              <span className={styles.figure}>{text}</span>
            </span>
          ))}
        </span>
      </Link>
      {onToggleHidden ? (
        <button
          type="button"
          className={styles.eye}
          aria-label={isHidden ? `Show ${row.name} in charts` : `Hide ${row.name} in charts`}
          onClick={() => onToggleHidden(row.number)}
        >
          {isHidden ? (
            <EyeOff size={16} strokeWidth={1.75} aria-hidden />
          ) : (
            <Eye size={16} strokeWidth={1.75} aria-hidden />
          )}
        </button>
      ) : null}
    </li>
  )
}

/** The name of a column in as few words as tell it from the others: `loss`; where there are two, `loss last`, and `min` beside it. */
function labelOf(column: ColumnLook, all: readonly GridColumn[]): string {
  const alike = all.filter(({ look }) => look.title === column.title)
  if (column.note === '' || alike.length < 2) return column.title
  return alike[0]?.look.text === column.text ? `${column.title} ${column.note}` : column.note
}

function GroupCard(props: {
  group: TableGroup
  depth: number
  isClosed: boolean
  column: GridColumn | undefined
  currency: string
  style: CSSProperties
  onToggle: () => void
}) {
  const { group, column, currency } = props
  const { words, kind } = groupName(group, currency)
  const shown = column ? groupCell(group, column.look, currency) : null
  const Chevron = props.isClosed ? ChevronRight : ChevronDown
  return (
    <li className={styles.group} style={{ ...props.style, paddingLeft: 12 * props.depth }}>
      <button type="button" className={styles.fold} aria-expanded={!props.isClosed} onClick={props.onToggle}>
        <Chevron size={16} strokeWidth={1.75} aria-hidden />
        {kind ? <StageIcon kind={kind} size={20} /> : null}
        <strong>{words}</strong>
        <span className="ink-3">{group.count === 1 ? '1 run' : `${group.count} runs`}</span>
        {shown && column ? (
          <span className={styles.end}>
            <span className="ink-3">
              {column.look.title} {shown.text} {shown.spread}
            </span>
          </span>
        ) : null}
      </button>
    </li>
  )
}
