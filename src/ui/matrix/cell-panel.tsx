'use client'
import { ActionIcon, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useRef } from 'react'
import type { FlipKind } from '#src/core/evaluations/matrix-kinds.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { MatrixCellDetail, MatrixSide } from '#src/protocol/matrix.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { NoteButton } from '#src/ui/notes/note-button.tsx'
import { paths } from '#src/ui/paths.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { FlippedItems } from './flipped-items.tsx'
import { sliceName } from './matrix-words.ts'
import styles from './panel.module.css'
import { PanelFacts } from './panel-facts.tsx'
import {
  budgetText,
  changeTextOf,
  intervalTextOf,
  pairText,
  protocolRows,
  pText,
  readingText,
  scoresText,
  sideName,
  testText,
} from './panel-words.ts'
import { ResultHistory } from './result-history.tsx'
import { cellName } from './view-state.ts'

export interface CellPanelProps {
  workspace: string
  project: string
  checkpoint: string
  variant: string
  benchmark: string
  /** parent, root, best, or the id of a checkpoint. */
  baseline: string
  flip: FlipKind | null
  item: number
  /** True when it was opened by keys: they follow into it. */
  takesFocus: boolean
  onFlip: (flip: FlipKind) => void
  onItem: (item: number) => void
  onClose: () => void
}

/** A cell opened beside its matrix: the change, the items that flipped, slices, and how it was measured. */
export function CellPanel(props: CellPanelProps) {
  const { workspace, project, checkpoint, variant, benchmark, baseline, onClose, takesFocus } = props
  const trpc = useTRPC()
  const panel = useRef<HTMLElement>(null)
  const asked = { workspace, project, checkpoint, variant, benchmark, baseline }
  const cell = useQuery(trpc.evaluations.matrixCell.queryOptions(asked))
  useEffect(() => {
    if (takesFocus) panel.current?.focus()
  }, [takesFocus])
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose()
    }
    document.addEventListener('keydown', close)
    return () => document.removeEventListener('keydown', close)
  }, [onClose])
  return (
    <aside ref={panel} className={styles.panel} aria-label="The open cell" tabIndex={-1}>
      <i className={styles.grip} aria-hidden />
      <Answer query={cell} what="The cell" loading={<PanelLoading />}>
        {(detail) => <Detail {...props} detail={detail} />}
      </Answer>
    </aside>
  )
}

function Detail(props: CellPanelProps & { detail: MatrixCellDetail }) {
  const { detail, onClose } = props
  const change = changeTextOf(detail)
  const isLost = detail.state === 'forgot'
  const ink = isLost ? 'lost' : detail.state === 'improved' ? 'gained' : undefined
  const utility = detail.change === null ? 0 : detail.benchmark.higher_is_better ? detail.change : -detail.change
  return (
    <>
      <header className={styles.head}>
        <div>
          <h2>
            <Link href={paths.benchmark(props.workspace, detail.benchmark.slug)}>{detail.benchmark.name}</Link>
          </h2>
          <p>{pairText(detail)}</p>
        </div>
        <span className={styles.headActions}>
          <NoteButton
            place={{ workspace: props.workspace, project: props.project }}
            subject="cell"
            name={cellName(props.checkpoint, props.variant, props.benchmark)}
            title={`${detail.benchmark.name}, ${sideName(detail.after)}`}
          />
          <CopyButton icon label="Copy link" text={typeof window === 'undefined' ? '' : window.location.href} />
          <ActionIcon variant="subtle" color="gray" size={24} aria-label="Close" onClick={onClose}>
            <X size={16} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </span>
      </header>
      <div className={styles.body}>
        <div className={styles.change} data-ink={ink}>
          {change === null ? (
            <strong className={styles.none}>
              {detail.state === 'not_comparable' ? 'Cannot be compared' : scoresText(detail)}
            </strong>
          ) : (
            <strong>
              <i aria-hidden>{utility < 0 ? '▼' : utility > 0 ? '▲' : ''}</i> {change}
            </strong>
          )}
          {change === null && detail.state !== 'not_comparable' ? null : <span>{scoresText(detail)}</span>}
          <span className={styles.interval}>{intervalTextOf(detail) ?? (change === null ? '' : 'no interval')}</span>
        </div>
        <p className={styles.reading}>
          {detail.change === null && detail.reason ? detail.reason : readingText(detail)}{' '}
          <Link
            className="link"
            href={paths.differences(props.workspace, props.project, {
              checkpoint: props.checkpoint,
              variant: props.variant,
              baseline: props.baseline === 'parent' ? undefined : props.baseline,
            })}
          >
            All benchmarks of {sideName(detail.after)}
          </Link>
          {'. '}
          <Link className="link" href={paths.checkpoint(props.workspace, props.checkpoint)}>
            Where the checkpoint came from
          </Link>
        </p>
        <PanelFacts {...props} benchmark={detail.benchmark} />
        {detail.differing.length > 0 ? <Differing detail={detail} /> : null}
        <Contamination workspace={props.workspace} evaluation={detail.after.evaluation} />
        <FlippedItems {...props} />
        <Slices detail={detail} />
        <Measured workspace={props.workspace} detail={detail} />
      </div>
    </>
  )
}

/** Items that the training data of the checkpoint holds, where that is known. */
function Contamination({ workspace, evaluation }: { workspace: string; evaluation: string }) {
  const trpc = useTRPC()
  const found = useQuery(trpc.evaluations.contamination.queryOptions({ workspace, evaluation }))
  const warning = found.data?.warning ?? null
  return warning === null ? null : <Notice tone="warning" title={warning} />
}

function Differing({ detail }: { detail: MatrixCellDetail }) {
  const { before, after, differing } = detail
  return (
    <table className={styles.table}>
      <caption>What differs</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">{before ? sideName(before) : ''}</th>
          <th scope="col">{sideName(after)}</th>
        </tr>
      </thead>
      <tbody>
        {differing.map((row) => (
          <tr key={row.field}>
            <th scope="row">{row.field}</th>
            <td>{row.before ?? 'not said'}</td>
            <td>{row.after ?? 'not said'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Parts of the items, so that a mean cannot hide a loss; the worst first within each label. */
function Slices({ detail }: { detail: MatrixCellDetail }) {
  if (detail.slices.length === 0) return null
  const digits = digitsOf(detail.benchmark, detail.after.score)
  const sign = detail.benchmark.higher_is_better ? 1 : -1
  return (
    <table className={styles.table} data-numbers>
      <caption>
        Slices <small>p is not adjusted</small>
      </caption>
      <thead>
        <tr>
          <th scope="col">Slice</th>
          <th scope="col">n</th>
          <th scope="col">Before</th>
          <th scope="col">Now</th>
          <th scope="col">Change</th>
          <th scope="col">p</th>
        </tr>
      </thead>
      <tbody>
        {detail.slices.map((slice) => {
          const isCertain = slice.p !== null && slice.p < 0.05 && slice.change !== null && slice.change !== 0
          const isWorse = slice.change !== null && sign * slice.change < 0
          return (
            <tr key={`${slice.key} ${slice.value}`} data-ink={isCertain ? (isWorse ? 'lost' : 'gained') : undefined}>
              <th scope="row">{sliceName(slice)}</th>
              <td>{formatExactCount(slice.n)}</td>
              <td>{slice.before === null ? '·' : formatNumber(slice.before, digits)}</td>
              <td>{formatNumber(slice.after, digits)}</td>
              <td
                title={
                  slice.low === null || slice.high === null
                    ? undefined
                    : `95 % ${formatChange(slice.low, digits)} to ${formatChange(slice.high, digits)}`
                }
              >
                {slice.change === null ? '–' : formatChange(slice.change, digits)}
              </td>
              <td>{slice.p === null ? '–' : pText(slice.p).replace('p ', '')}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Measured({ workspace, detail }: { workspace: string; detail: MatrixCellDetail }) {
  const { after, before } = detail
  const budget = budgetText(detail)
  const isOne = before !== null && before.fingerprint === after.fingerprint
  return (
    <section className={styles.measured}>
      <h3>How it was measured</h3>
      <dl>
        <Term term="Test">{testText(detail)}</Term>
        {budget === null ? null : <Term term="Budget">{budget}</Term>}
        {detail.unlike.length === 0 ? null : (
          <Term term="Unlike">{detail.unlike.join(', ')}: may explain a part of the change</Term>
        )}
        <Term term="Interval">
          {sideName(after)}: {after.low === null ? (after.interval_note ?? 'none') : after.interval_method}
          {after.low !== null && after.interval_note ? ` (${after.interval_note})` : ''}
        </Term>
        <Term term="Trials">
          {after.trials === 1
            ? 'one seed; the spread between seeds is unknown'
            : `mean of ${after.trials} seeds, averaged within the item first`}
        </Term>
        <Term term="Measured">{[when(after), after.source].filter((part) => part).join(', ') || 'time not said'}</Term>
      </dl>
      <ResultHistory workspace={workspace} evaluation={after.evaluation} benchmark={detail.benchmark} />
      <Protocol side={after} title={isOne || !before ? 'Protocol' : `Protocol of ${sideName(after)}`} />
      {before && !isOne ? <Protocol side={before} title={`Protocol of ${sideName(before)}`} /> : null}
    </section>
  )
}

const when = ({ measured_at }: MatrixSide): string =>
  measured_at === null ? '' : `${measured_at.slice(0, 10)} ${measured_at.slice(11, 16)} UTC`

function Protocol({ side, title }: { side: MatrixSide; title: string }) {
  return (
    <details className={styles.protocol}>
      <summary>
        {title} <code>{side.fingerprint.slice(0, 8)}</code>
      </summary>
      <dl>
        <Term term="metric">{side.metric}</Term>
        {protocolRows(side).map(({ term, value }) => (
          <Term key={term} term={term}>
            {value}
          </Term>
        ))}
      </dl>
    </details>
  )
}

function Term({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function PanelLoading() {
  return (
    <div className={styles.loading}>
      <Skeleton height={20} width={180} />
      <Skeleton height={28} mt={20} />
      <Skeleton height={24} mt={12} />
      <Skeleton height={180} mt={20} />
    </div>
  )
}
