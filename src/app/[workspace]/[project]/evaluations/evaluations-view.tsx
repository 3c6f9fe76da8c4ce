'use client'
import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { Benchmark, EvaluationTable } from '#src/protocol/evaluations.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './evaluations.module.css'

interface Place {
  workspace: string
  project: string
}

type Row = EvaluationTable['rows'][number]
type Cell = NonNullable<Row['cells'][number]>

/** Every checkpoint against every benchmark, as measured. */
export function EvaluationsView(place: Place) {
  const [stagesOnly, setStagesOnly] = useQueryState('stages', parseAsBoolean.withDefault(true))
  const trpc = useTRPC()
  const table = useQuery(trpc.evaluations.table.queryOptions(place, { refetchInterval: POLL_IDLE_MS }))
  const rows = (table.data?.rows ?? []).filter((row) => row.of_stage || !stagesOnly)
  return (
    <Page>
      <PageHead title="Evaluations" sentence={table.data ? sentence(table.data, rows) : null}>
        <Checkbox
          size="xs"
          label="Checkpoints of stages only"
          checked={stagesOnly}
          onChange={(event) => void setStagesOnly(event.currentTarget.checked)}
        />
      </PageHead>
      <Answer query={table} what="The evaluations" loading={<LoadingRows rows={10} height={36} />}>
        {(data) =>
          data.benchmarks.length === 0 || data.rows.length === 0 ? (
            <Empty
              title="Nothing was measured yet"
              text="An evaluation is a benchmark's score on a checkpoint, with its items where they exist."
            >
              <CodeBlock
                label="From Python, after a checkpoint was saved:"
                text={'run.log_eval("benchmark", score=0.81, n=128, metric="accuracy", checkpoint=checkpoint)'}
              />
            </Empty>
          ) : rows.length === 0 ? (
            <Empty title="No checkpoint stands for a stage yet" text={`${data.rows.length} checkpoints were measured.`}>
              <button type="button" className="link" onClick={() => void setStagesOnly(false)}>
                Show all checkpoints
              </button>
            </Empty>
          ) : (
            <Matrix {...place} benchmarks={data.benchmarks} rows={rows} />
          )
        }
      </Answer>
    </Page>
  )
}

function sentence(table: EvaluationTable, shown: readonly Row[]): string {
  const hidden = table.rows.length - shown.length
  return `${shown.length} checkpoints × ${table.benchmarks.length} benchmarks${hidden > 0 ? `, ${hidden} other checkpoints hidden` : ''}`
}

function Matrix({
  workspace,
  project,
  benchmarks,
  rows,
}: Place & { benchmarks: readonly Benchmark[]; rows: readonly Row[] }) {
  const usual = benchmarks.map((_, i) => usualProtocol(rows, i))
  const hasOther = rows.some((row) => row.cells.some((cell, i) => cell && cell.fingerprint !== usual[i]))
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a box that scrolls, not a part of the page */}
      <div
        className={styles.scroll}
        role="region"
        aria-label="Evaluations"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <table className={styles.table}>
          <caption className="visually-hidden">Scores of checkpoints by benchmark</caption>
          <thead>
            <tr>
              <th scope="col" className={styles.corner}>
                Checkpoint
              </th>
              {benchmarks.map((benchmark) => (
                <th key={benchmark.slug} scope="col" title={benchmarkTitle(benchmark)}>
                  <span className={styles.benchmark}>
                    {benchmark.name} {directionArrow(benchmark.higher_is_better)}
                  </span>
                  <small>{benchmarkNote(benchmark)}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.checkpoint.id}>
                <th scope="row">
                  <span className={styles.stage}>
                    <StageIcon kind={row.experiment.stage_kind} label />
                    <Link className="link" href={paths.stage(workspace, row.experiment.project, row.experiment.number)}>
                      {row.experiment.name}
                    </Link>
                  </span>
                  <small>
                    step {formatExactCount(row.checkpoint.step)}
                    {row.checkpoint.tokens === null ? null : (
                      <span className={styles.tokens}>, {formatCount(row.checkpoint.tokens)} tokens</span>
                    )}
                    {row.run ? (
                      <>
                        {' '}
                        <Link href={paths.run(workspace, project, row.run.number)}>#{row.run.number}</Link>
                      </>
                    ) : null}
                  </small>
                </th>
                {row.cells.map((cell, i) => (
                  <td key={benchmarks[i]?.slug ?? i}>
                    {cell ? (
                      <Score cell={cell} benchmark={benchmarks[i]} isOther={cell.fingerprint !== usual[i]} />
                    ) : (
                      <i className={styles.missing} title={missingTitle(row, benchmarks[i])} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.note}>
        95 % intervals over items stand below the score; a dot was not measured.
        {hasOther
          ? ' ≠ was measured under another protocol than most of its column: it cannot be compared with the rest.'
          : null}
      </p>
    </>
  )
}

/** The protocol under which most cells of a column were measured. */
function usualProtocol(rows: readonly Row[], column: number): string | null {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const cell = row.cells[column]
    if (cell) counts.set(cell.fingerprint, (counts.get(cell.fingerprint) ?? 0) + 1)
  }
  return [...counts.entries()].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

function Score({ cell, benchmark, isOther }: { cell: Cell; benchmark: Benchmark | undefined; isOther: boolean }) {
  return (
    <span
      className={styles.cell}
      title={`${cell.score}, n ${formatExactCount(cell.n)}${cell.trials > 1 ? `, mean of ${cell.trials} seeds` : ''}`}
    >
      <strong>
        {isOther ? <abbr title="another protocol: cannot be compared with the rest of its column">≠ </abbr> : null}
        {formatNumber(cell.score)}
      </strong>
      <small>
        {cell.low === null || cell.high === null
          ? 'no interval'
          : `${formatNumber(cell.low, benchmark?.kind === 'loss' ? 3 : 2)} to ${formatNumber(cell.high, benchmark?.kind === 'loss' ? 3 : 2)}`}
        <span>n {formatCount(cell.n)}</span>
      </small>
    </span>
  )
}

const benchmarkTitle = (b: Benchmark): string =>
  `${b.name} (${b.slug}), ${b.category}; ${b.higher_is_better ? 'higher' : 'lower'} is better`

function benchmarkNote(b: Benchmark): string {
  if (b.chance !== null) return `chance ${formatNumber(b.chance, 2)}`
  return b.unit ?? b.category
}

const missingTitle = (row: Row, benchmark: Benchmark | undefined): string =>
  `${benchmark?.name ?? 'This benchmark'} was not measured on ${row.experiment.name}. Send it with run.log_eval("${benchmark?.slug ?? 'benchmark'}", …, checkpoint="${row.checkpoint.id}")`
