'use client'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight, Eye, EyeOff } from 'lucide-react'
import Link from 'next/link'
import { type CSSProperties, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type ColouredBy, lookOfRun } from '#src/ui/charts/run-colour.ts'
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

/** Heights, px: a card, the row of a group. */
const CARD_HEIGHT = 64
const GROUP_HEIGHT = 48
/** Columns that a card has room for. */
const METRICS_SHOWN = 3

/** Runs on a phone: two lines each, the whole width touchable, with the first three columns that hold numbers. */
export function RunCards(props: {
  workspace: string
  project: string
  state: RunTableState
  hidden: ReadonlySet<number>
  closed: ReadonlySet<string>
  colouredBy: ColouredBy
  onToggleHidden: (number: number) => void
  onToggleGroup: (group: TableGroup) => void
}) {
  const { state, closed } = props
  const { plan } = state
  const list = useRef<HTMLUListElement>(null)
  const [offset, setOffset] = useState(0)
  useLayoutEffect(() => setOffset(list.current?.offsetTop ?? 0), [])
  const rows = useWindowVirtualizer({
    count: plan.total,
    estimateSize: (place) => (plan.at(place)?.kind === 'group' ? GROUP_HEIGHT : CARD_HEIGHT),
    overscan: 8,
    scrollMargin: offset,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are measured anew when the plan changes
  useLayoutEffect(() => rows.measure(), [plan, rows])
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
            isHidden={props.hidden.has(loaded.row.number)}
            colouredBy={props.colouredBy}
            groupKey={state.drawn?.get(loaded.row.number) ?? null}
            style={style}
            onToggleHidden={props.onToggleHidden}
          />
        )
      })}
    </ul>
  )
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
  onToggleHidden: (number: number) => void
}) {
  const { loaded, numbers, currency, isHidden } = props
  const { row } = loaded
  const look = lookOfRun({ number: row.number, stage: row.stage, groupKey: props.groupKey }, props.colouredBy)
  return (
    <li className={styles.card} style={props.style}>
      <Link className={styles.open} href={props.href} prefetch={false}>
        <span className={styles.line}>
          <i
            className={styles.swatch}
            style={{ background: isHidden ? 'none' : look.colour, borderColor: look.colour }}
          />
          <strong>{row.name}</strong>
          <span className="ink-3">#{row.number}</span>
          <span className={styles.end}>
            <StateWord state={row.state} />
          </span>
        </span>
        <span className={styles.line}>
          <StageIcon kind={row.stage.kind} size={18} label />
          <span className={styles.stage}>{row.stage.name}</span>
          {numbers.map(({ look: column }) => {
            const value = cellOf(loaded, column.text)
            const words = value === undefined ? null : cellWords(column, value, currency)
            return words === null || words.text === '' ? null : (
              <span key={column.text} className={styles.value}>
                <span className="ink-3">{labelOf(column, numbers)}</span> {words.text}
              </span>
            )
          })}
        </span>
      </Link>
      <button
        type="button"
        className={styles.eye}
        aria-label={isHidden ? `Show ${row.name} in charts` : `Hide ${row.name} in charts`}
        onClick={() => props.onToggleHidden(row.number)}
      >
        {isHidden ? (
          <EyeOff size={16} strokeWidth={1.75} aria-hidden />
        ) : (
          <Eye size={16} strokeWidth={1.75} aria-hidden />
        )}
      </button>
    </li>
  )
}

/** The name of a column in as few words as tell it from the others: `loss`, or `loss min` where there are two. */
const labelOf = (column: ColumnLook, all: readonly GridColumn[]): string =>
  column.note !== '' && all.some(({ look }) => look.title === column.title && look.text !== column.text)
    ? `${column.title} ${column.note}`
    : column.title

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
