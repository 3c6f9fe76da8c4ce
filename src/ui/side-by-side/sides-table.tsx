'use client'
import { ActionIcon } from '@mantine/core'
import { Pin, X } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import { GainChip } from '#src/ui/benchmarks/fact-chips.tsx'
import { ChangeCell } from '#src/ui/changes/change-cell.tsx'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import { RunSwatch } from '#src/ui/charts/line-swatch.tsx'
import { Term } from '#src/ui/glossary/term.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import styles from './side-by-side.module.css'
import { baselineOf, type SideColumn, type Sides } from './sides.ts'
import { shownRows } from './sides-text.ts'

type Row = Sides['how'][number]
type WhyRow = Sides['why'][number]

interface Props {
  workspace: string
  /** What the table is, for screen readers: "Stages side by side". */
  label: string
  /** What is counted in the corner: "stages". */
  corner: ReactNode
  sides: Sides
  differencesOnly: boolean
  /** Null: the columns cannot be changed here. */
  onPin: ((column: number) => void) | null
  /** Null: there are no more than a comparison needs, or the columns cannot be changed here. */
  onRemove: ((column: number) => void) | null
  /** Parts below the usual ones. */
  children?: ReactNode
}

/** Columns across, and down what was done, what it took and what came of it. */
export function SidesTable(props: Props) {
  const { sides, differencesOnly, label } = props
  const { columns, how, cost, why, cost_note } = sides
  const span = columns.length + 1
  return (
    <ScrollBox label={label}>
      <table className={styles.table} data-columns={columns.length > 5 ? 'many' : undefined}>
        <caption className="visually-hidden">{label}: how, cost and why</caption>
        <thead>
          <tr>
            <th scope="col" className={styles.corner}>
              {props.corner}
            </th>
            {columns.map((column, i) => (
              <ColumnHead key={column.key} {...props} column={column} at={i} />
            ))}
          </tr>
        </thead>
        <Part title="How" rows={how} span={span}>
          {shownRows(how, differencesOnly).map((row) => (
            <FactRow key={row.key} row={row} sides={sides} />
          ))}
        </Part>
        <Part title="Cost" rows={cost} span={span} note={cost_note}>
          {shownRows(cost, differencesOnly).map((row) => (
            <FactRow key={row.key} row={row} sides={sides} />
          ))}
        </Part>
        <Part title="Why" rows={why} span={span} note={why.length > 0 ? WHY_NOTE : 'nothing was measured on these yet'}>
          {shownRows(why, differencesOnly).map((row) => (
            <OutcomeRow key={row.benchmark.slug} row={row} sides={sides} />
          ))}
          <Verdicts workspace={props.workspace} sides={sides} />
        </Part>
        {props.children}
      </table>
    </ScrollBox>
  )
}

const WHY_NOTE = (
  <>
    corner: over <Term of="budget">budget</Term>; dashed: <Term of="no_interval">no interval</Term>; 95 %{' '}
    <Term of="interval">intervals</Term>, paired where items match, p adjusted over what should be kept
  </>
)

function ColumnHead({ column, at, onPin, onRemove }: Props & { column: SideColumn; at: number }) {
  return (
    <th scope="col" data-baseline={column.isBaseline || undefined}>
      <span className={styles.stageName}>
        <RunSwatch look={column.look} />
        <Link className="link" href={column.href}>
          {column.name}
        </Link>
        <small>{column.mark}</small>
        <span className={styles.stageActions}>
          {column.isBaseline ? (
            <Pin size={14} strokeWidth={1.75} aria-label="Baseline" />
          ) : onPin ? (
            <ColumnAction label={`Make ${column.name} the baseline`} onClick={() => onPin(at)}>
              <Pin size={14} strokeWidth={1.75} aria-hidden />
            </ColumnAction>
          ) : null}
          {onRemove ? (
            <ColumnAction label={`Take ${column.name} out`} onClick={() => onRemove(at)}>
              <X size={14} strokeWidth={1.75} aria-hidden />
            </ColumnAction>
          ) : null}
        </span>
      </span>
      <span className={styles.stageWords}>
        <StageIcon kind={column.stage.stage_kind} size={16} /> {column.words}
      </span>
    </th>
  )
}

const ColumnAction = (props: { label: string; onClick: () => void; children: ReactNode }) => (
  <Tooltip label={props.label}>
    <ActionIcon variant="subtle" color="gray" size={24} aria-label={props.label} onClick={props.onClick}>
      {props.children}
    </ActionIcon>
  </Tooltip>
)

/** A part of the table under its own heading. */
export function Part(props: {
  title: string
  rows: readonly { differs: boolean }[]
  span: number
  note?: ReactNode
  children: ReactNode
}) {
  const differing = props.rows.filter((row) => row.differs).length
  return (
    <tbody>
      <tr className={styles.part}>
        <th scope="rowgroup" colSpan={props.span}>
          <span className={styles.partTitle}>{props.title}</span>{' '}
          <span className={styles.partCount}>
            {formatExactCount(differing)} of {formatExactCount(props.rows.length)} rows differ
          </span>
          {props.note ? <span className={styles.partNote}>{props.note}</span> : null}
        </th>
      </tr>
      {props.children}
    </tbody>
  )
}

function FactRow({ row, sides }: { row: Row; sides: Sides }) {
  const base = baselineOf(sides)
  return (
    <tr data-difference={row.differs || undefined}>
      <th scope="row">{row.label}</th>
      {row.cells.map((cell, i) => {
        const isSame = base >= 0 && i !== base && cell.text === row.cells[base]?.text
        return (
          <td key={sides.columns[i]?.key ?? i} data-baseline={i === base || undefined} data-same={isSame || undefined}>
            {cell.text === null ? <span className={styles.missing}>{cell.missing}</span> : cell.text}
            {cell.planned === null ? null : <span className={styles.planned}>planned {cell.planned}</span>}
            {cell.relative === null ? null : <small className={styles.relative}>{cell.relative}</small>}
          </td>
        )
      })}
    </tr>
  )
}

function OutcomeRow({ row, sides }: { row: WhyRow; sides: Sides }) {
  const { benchmark, role } = row
  const counts = new Set(row.cells.flatMap((cell) => cell?.n ?? []))
  const [n] = counts
  const notes = [
    role === 'target' ? 'target' : null,
    unitBeside(benchmark),
    counts.size === 1 && n !== undefined ? `n ${formatCount(n)}` : null,
  ]
  return (
    <tr className={styles.outcome} data-difference={row.differs || undefined}>
      <th scope="row">
        {benchmark.name} {directionArrow(benchmark.higher_is_better)}
        <small>
          {notes.filter((note) => note !== null).join(', ')} <GainChip benchmark={benchmark} />
        </small>
      </th>
      {row.cells.map((cell, i) => (
        <td key={sides.columns[i]?.key ?? i} data-baseline={sides.columns[i]?.isBaseline || undefined}>
          <ChangeCell cell={cell} benchmark={benchmark} />
        </td>
      ))}
    </tr>
  )
}

function Verdicts({ workspace, sides }: { workspace: string; sides: Sides }) {
  if (sides.readings.every((reading) => reading === null)) return null
  return (
    <tr className={styles.verdicts}>
      <th scope="row">Verdict</th>
      {sides.readings.map((reading, i) => (
        <td key={sides.columns[i]?.key ?? i} data-baseline={reading === null || undefined}>
          {reading === null ? (
            <span className={styles.missing}>the baseline</span>
          ) : (
            <>
              <strong>{capital(reading.title)}</strong>
              {reading.gained + reading.lost + reading.unclear + reading.apart > 0 ? (
                <small>
                  <span data-ink="gained">{reading.gained} gained</span>{' '}
                  <span data-ink="lost">{reading.lost} lost</span>{' '}
                  {reading.unclear > 0 ? `${reading.unclear} unclear` : ''}
                  {reading.apart > 0 ? ` ${reading.apart} not compared` : ''}
                </small>
              ) : null}
              {sides.columns[i]?.kind === 'stage' ? (
                <DecisionLink workspace={workspace} stage={sides.columns[i]?.stage} />
              ) : null}
            </>
          )}
        </td>
      ))}
    </tr>
  )
}

function DecisionLink({ workspace, stage }: { workspace: string; stage: ExperimentRef | undefined }) {
  if (!stage) return null
  return (
    <Link className={`link ${styles.toDecision}`} href={paths.decision(workspace, stage.project, stage.number)}>
      Was it worth it?<span className="visually-hidden"> Decide on {stage.name}</span>
    </Link>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
