'use client'
import { ActionIcon, Tooltip } from '@mantine/core'
import { Pin, X } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { StageComparison } from '#src/protocol/comparisons.ts'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import { GainChip } from '#src/ui/benchmarks/fact-chips.tsx'
import { ChangeCell } from '#src/ui/changes/change-cell.tsx'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import { runLook } from '#src/ui/charts/run-colour.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { paths } from '#src/ui/paths.ts'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import styles from './compare-stages.module.css'
import { shownRows } from './comparison-text.ts'

type Row = StageComparison['how'][number]
type WhyRow = StageComparison['why'][number]

interface Props {
  workspace: string
  comparison: StageComparison
  differencesOnly: boolean
  onPin: (stage: number) => void
  /** Null: there are no more than a comparison needs. */
  onRemove: ((stage: number) => void) | null
}

/** Stages across, and down what was done, what it took and what came of it. */
export function StageTable(props: Props) {
  const { comparison, differencesOnly } = props
  const { stages, how, cost, why, cost_note } = comparison
  const span = stages.length + 1
  return (
    <ScrollBox label="Stages side by side">
      <table className={styles.table}>
        <caption className="visually-hidden">Stages side by side: how, cost and why</caption>
        <thead>
          <tr>
            <th scope="col" className={styles.corner}>
              {stages.length} stages
            </th>
            {stages.map((_, i) => (
              <StageHead key={stageKeyOf(comparison, i)} {...props} at={i} />
            ))}
          </tr>
        </thead>
        <Part title="How" rows={how} span={span}>
          {shownRows(how, differencesOnly).map((row) => (
            <FactRow key={row.key} row={row} comparison={comparison} />
          ))}
        </Part>
        <Part title="Cost" rows={cost} span={span} note={cost_note}>
          {shownRows(cost, differencesOnly).map((row) => (
            <FactRow key={row.key} row={row} comparison={comparison} />
          ))}
        </Part>
        <Part
          title="Why"
          rows={why}
          span={span}
          note={why.length > 0 ? WHY_NOTE : 'nothing was measured on these stages yet'}
        >
          {shownRows(why, differencesOnly).map((row) => (
            <OutcomeRow key={row.benchmark.slug} row={row} comparison={comparison} />
          ))}
          <Verdicts workspace={props.workspace} comparison={comparison} />
        </Part>
      </table>
    </ScrollBox>
  )
}

const WHY_NOTE =
  'corner: over budget; dashed: no interval; 95 % intervals, paired where items match, p adjusted over what should be kept'

const stageKeyOf = ({ stages }: StageComparison, at: number): string => {
  const stage = stages[at]?.experiment
  return `${stage?.project}:${stage?.number}`
}

function StageHead({ workspace, comparison, at, onPin, onRemove }: Props & { at: number }) {
  const stage = comparison.stages[at]
  if (!stage) return null
  const { experiment, is_baseline, checkpoint } = stage
  const isParent = is_baseline && comparison.stages.some((other) => other.is_child)
  const words = [
    isParent ? 'Baseline, parent' : is_baseline ? 'Baseline' : null,
    STAGE_LOOKS[experiment.stage_kind].short,
    checkpoint ? `step ${formatExactCount(checkpoint.step)}` : 'no checkpoint yet',
  ]
  return (
    <th scope="col" data-baseline={is_baseline || undefined}>
      <span className={styles.stageName}>
        <i className={styles.swatch} style={{ background: runLook(at + 1).colour }} aria-hidden />
        <Link className="link" href={paths.stage(workspace, experiment.project, experiment.number)}>
          {experiment.name}
        </Link>
        <small>#{experiment.number}</small>
        <span className={styles.stageActions}>
          {is_baseline ? (
            <Pin size={14} strokeWidth={1.75} aria-label="Baseline" />
          ) : (
            <Tooltip label={`Make ${experiment.name} the baseline`}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                aria-label={`Make ${experiment.name} the baseline`}
                onClick={() => onPin(at)}
              >
                <Pin size={14} strokeWidth={1.75} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          {onRemove ? (
            <Tooltip label={`Take ${experiment.name} out`}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                aria-label={`Take ${experiment.name} out`}
                onClick={() => onRemove(at)}
              >
                <X size={14} strokeWidth={1.75} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ) : null}
        </span>
      </span>
      <span className={styles.stageWords}>
        <StageIcon kind={experiment.stage_kind} size={16} /> {words.filter((word) => word !== null).join(', ')}
      </span>
    </th>
  )
}

function Part(props: {
  title: string
  rows: readonly { differs: boolean }[]
  span: number
  note?: string | null
  children: ReactNode
}) {
  const differing = props.rows.filter((row) => row.differs).length
  return (
    <tbody>
      <tr className={styles.part}>
        <th scope="rowgroup" colSpan={props.span}>
          <span className={styles.partTitle}>{props.title}</span>{' '}
          <span className={styles.partCount}>
            {differing} of {props.rows.length} rows differ
          </span>
          {props.note ? <span className={styles.partNote}>{props.note}</span> : null}
        </th>
      </tr>
      {props.children}
    </tbody>
  )
}

function FactRow({ row, comparison }: { row: Row; comparison: StageComparison }) {
  const base = comparison.stages.findIndex((stage) => stage.is_baseline)
  return (
    <tr>
      <th scope="row">{row.label}</th>
      {row.cells.map((cell, i) => {
        const isSame = i !== base && cell.text === row.cells[base]?.text
        return (
          <td key={stageKeyOf(comparison, i)} data-baseline={i === base || undefined} data-same={isSame || undefined}>
            {cell.text === null ? <span className={styles.missing}>{cell.missing}</span> : cell.text}
            {cell.planned === null ? null : <span className={styles.planned}>planned {cell.planned}</span>}
            {cell.relative === null ? null : <small className={styles.relative}>{cell.relative}</small>}
          </td>
        )
      })}
    </tr>
  )
}

function OutcomeRow({ row, comparison }: { row: WhyRow; comparison: StageComparison }) {
  const { benchmark, role } = row
  const counts = new Set(row.cells.flatMap((cell) => cell?.n ?? []))
  const [n] = counts
  const notes = [
    role === 'target' ? 'target' : null,
    unitBeside(benchmark),
    counts.size === 1 && n !== undefined ? `n ${formatCount(n)}` : null,
  ]
  return (
    <tr className={styles.outcome}>
      <th scope="row">
        {benchmark.name} {directionArrow(benchmark.higher_is_better)} <GainChip benchmark={benchmark} />
        <small>{notes.filter((note) => note !== null).join(', ')}</small>
      </th>
      {row.cells.map((cell, i) => (
        <td key={stageKeyOf(comparison, i)} data-baseline={comparison.stages[i]?.is_baseline || undefined}>
          <ChangeCell cell={cell} benchmark={benchmark} />
        </td>
      ))}
    </tr>
  )
}

function Verdicts({ workspace, comparison }: { workspace: string; comparison: StageComparison }) {
  return (
    <tr className={styles.verdicts}>
      <th scope="row">Verdict</th>
      {comparison.readings.map((reading, i) => (
        <td key={stageKeyOf(comparison, i)} data-baseline={reading === null || undefined}>
          {reading === null ? (
            <span className={styles.missing}>the baseline</span>
          ) : (
            <>
              <strong>{capital(reading.title)}</strong>
              <small>
                <span data-ink="gained">{reading.gained} gained</span> <span data-ink="lost">{reading.lost} lost</span>{' '}
                {reading.unclear > 0 ? `${reading.unclear} unclear` : ''}
                {reading.apart > 0 ? ` ${reading.apart} not compared` : ''}
              </small>
              <DecisionLink workspace={workspace} stage={comparison.stages[i]?.experiment} />
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
