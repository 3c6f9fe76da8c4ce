'use client'
import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { Fragment } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatNumber, formatValue } from '#src/core/format/number.ts'
import type { Benchmark, EvaluationTable } from '#src/protocol/evaluations.ts'
import { benchmarkOrder } from '#src/ui/changes/benchmark-order.ts'
import { directionArrow } from '#src/ui/changes/change-words.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
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
  useRefreshOnNews({ ...place, runs: 'all', what: ['state'], enabled: true, everyMs: POLL_LIVE_MS }, () =>
    table.refetch({ cancelRefetch: false }),
  )
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
  const columns = columnsOf(benchmarks, rows)
  const hasOther = columns.some((c) => rows.some((row) => row.cells[c.at] && row.cells[c.at]?.fingerprint !== c.usual))
  return (
    <>
      <ScrollBox label="Evaluations" className={styles.scroll}>
        <table className={styles.table}>
          <caption className="visually-hidden">Scores of checkpoints by benchmark</caption>
          <thead>
            <tr>
              <th scope="col" className={styles.corner}>
                Checkpoint
              </th>
              {columns.map(({ benchmark, items }) => (
                <th key={benchmark.slug} scope="col" title={benchmarkTitle(benchmark)}>
                  <span className={styles.benchmark}>
                    {wordsOf(benchmark).map((word) => (
                      <Fragment key={word}>
                        <span className={styles.word}>{word}</span>{' '}
                      </Fragment>
                    ))}
                  </span>
                  {benchmarkNotes(benchmark, items).map((note) => (
                    <small key={note}>{note}</small>
                  ))}
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
                {columns.map((column) => {
                  const cell = row.cells[column.at]
                  return (
                    <td key={column.benchmark.slug}>
                      {cell ? (
                        <Score cell={cell} column={column} />
                      ) : (
                        <i className={styles.missing} title={missingTitle(row, column.benchmark)} />
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className={styles.note}>
        95 % intervals over items stand below the score; a dot was not measured.
        {hasOther
          ? ' ≠ was measured under another protocol than most of its column: it cannot be compared with the rest.'
          : null}
      </p>
    </>
  )
}

interface ColumnOf {
  benchmark: Benchmark
  /** Its place in the cells of a row. */
  at: number
  /** The protocol under which most of its cells were measured. */
  usual: string | null
  /** The count of items, where all its cells have the same. */
  items: number | null
}

const columnsOf = (benchmarks: readonly Benchmark[], rows: readonly Row[]): ColumnOf[] =>
  benchmarks
    .map((benchmark, at) => {
      const counts = new Set(rows.flatMap((row) => row.cells[at]?.n ?? []))
      const [only] = counts
      return {
        benchmark,
        at,
        usual: usualProtocol(rows, at),
        items: counts.size === 1 && only !== undefined ? only : null,
      }
    })
    .sort((a, b) => benchmarkOrder(a.benchmark, b.benchmark))

/** The protocol under which most cells of a column were measured. */
function usualProtocol(rows: readonly Row[], column: number): string | null {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const cell = row.cells[column]
    if (cell) counts.set(cell.fingerprint, (counts.get(cell.fingerprint) ?? 0) + 1)
  }
  return [...counts.entries()].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

function Score({ cell, column }: { cell: Cell; column: ColumnOf }) {
  const digits = column.benchmark.kind === 'loss' ? 3 : 2
  return (
    <span
      className={styles.cell}
      title={`${cell.score}, n ${cell.n === null ? 'not given' : formatExactCount(cell.n)}${cell.trials > 1 ? `, mean of ${cell.trials} seeds` : ''}`}
    >
      <strong>
        {cell.fingerprint !== column.usual ? (
          <abbr title="another protocol: cannot be compared with the rest of its column">≠ </abbr>
        ) : null}
        {formatNumber(cell.score)}
      </strong>
      <small>
        {cell.low === null || cell.high === null
          ? 'no interval'
          : `${formatNumber(cell.low, digits)} to ${formatNumber(cell.high, digits)}`}
        {column.items === null ? <span>n {cell.n === null ? 'not given' : formatCount(cell.n)}</span> : null}
      </small>
    </span>
  )
}

const benchmarkTitle = (b: Benchmark): string =>
  `${b.name} (${b.slug}), ${b.category}; ${b.higher_is_better ? 'higher' : 'lower'} is better`

/** The words of a benchmark's name, the arrow at the last: none of them is broken at a hyphen. */
function wordsOf(b: Benchmark): string[] {
  const words = b.name.split(' ')
  return [...words.slice(0, -1), `${words.at(-1)}\u00a0${directionArrow(b.higher_is_better)}`]
}

/** What stands below a benchmark's name: its unit, the chance level where there is one, and the count of items. */
function benchmarkNotes(b: Benchmark, items: number | null): string[] {
  const chance = b.chance === null || b.chance === 0 ? null : `chance ${formatValue(b.chance)}`
  const count = items === null ? null : `n ${formatCount(items)}`
  return [unitBeside(b), chance, count].filter((note) => note !== null)
}

const missingTitle = (row: Row, benchmark: Benchmark): string =>
  `${benchmark.name} was not measured on ${row.experiment.name}. Send it with run.log_eval("${benchmark.slug}", …, checkpoint="${row.checkpoint.id}")`
