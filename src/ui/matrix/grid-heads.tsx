// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
'use client'
import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import Link from 'next/link'
import type { CSSProperties } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import { GAP, type GridSizes, gapAfter } from './grid-places.ts'
import styles from './matrix.module.css'
import type { ColumnHead, MatrixModel } from './matrix-model.ts'
import { columnName } from './matrix-words.ts'

export interface GridHeadsProps {
  workspace: string
  model: MatrixModel
  sizes: GridSizes
  withBudget: boolean
  sortedBy: string | null
  onSort: (column: string | null) => void
  /** Of all groups at once; null where rows stand in none. */
  folding: { isFolded: boolean; toggle: () => void } | null
  /** Those in sight. */
  columns: readonly number[]
  lefts: readonly number[]
  width: number
}

/** The heads of the columns: stage, and what it is compared with; below them how many benchmarks stay within their budget. */
export function GridHeads(props: GridHeadsProps) {
  const { model, columns, lefts, sizes, withBudget, sortedBy, onSort, workspace, folding } = props
  const place = (at: number): CSSProperties => ({
    left: sizes.name + (lefts[at] ?? 0),
    width: (lefts[at + 1] ?? 0) - (lefts[at] ?? 0) - (gapAfter(model, at) ? GAP : 0),
  })
  return (
    <div className={styles.heads} style={{ width: props.width }} role="rowgroup">
      <div className={styles.headRow} role="row" aria-rowindex={1} tabIndex={-1}>
        <div
          className={styles.corner}
          role="columnheader"
          aria-colindex={1}
          style={{ width: sizes.name }}
          tabIndex={-1}
        >
          Benchmark
          {folding ? (
            <button
              type="button"
              className={styles.foldAll}
              aria-label={folding.isFolded ? 'Show the benchmarks of all groups' : 'Fold all groups'}
              title={
                folding.isFolded
                  ? 'Show the benchmarks of all groups'
                  : 'Fold all groups: each shows the member that lost most'
              }
              onClick={folding.toggle}
            >
              {folding.isFolded ? (
                <ChevronsUpDown size={14} strokeWidth={1.75} aria-hidden />
              ) : (
                <ChevronsDownUp size={14} strokeWidth={1.75} aria-hidden />
              )}
            </button>
          ) : null}
        </div>
        {columns.map((at) => {
          const column = model.columns[at]
          if (!column) return null
          const isSorted = sortedBy === column.key
          return (
            <div
              key={column.key}
              role="columnheader"
              aria-colindex={at + 2}
              aria-sort={isSorted ? 'ascending' : undefined}
              className={styles.head}
              data-planned={column.checkpoint === null || undefined}
              style={place(at)}
              tabIndex={-1}
            >
              <span className={styles.headName}>
                <StageIcon kind={column.experiment.stage_kind} size={15} label />
                <Link
                  href={
                    column.checkpoint === null || column.of_stage
                      ? paths.stage(workspace, column.experiment.project, column.experiment.number)
                      : paths.checkpoint(workspace, column.checkpoint.id)
                  }
                  title={`${columnName(column)}${column.checkpoint ? `, step ${formatExactCount(column.checkpoint.step)}` : ''}`}
                >
                  <span>{columnName(column)}</span>
                </Link>
              </span>
              {column.checkpoint === null ? (
                <small>{column.state ?? 'planned'}</small>
              ) : (
                <button
                  type="button"
                  className={styles.sort}
                  aria-pressed={isSorted}
                  title={[
                    priceTitle(model, column),
                    isSorted ? 'Back to the order of benchmarks' : 'Worst change of this column first',
                  ]
                    .filter((part) => part !== null)
                    .join('. ')}
                  onClick={() => onSort(isSorted ? null : column.key)}
                >
                  {column.of_stage ? '' : `${formatCount(column.checkpoint.step)} · `}
                  {priceOf(model, column) ??
                    (column.baseline ? `vs ${column.baseline.experiment.name}` : againstOf(model, column))}
                  {isSorted ? ' ↑' : ''}
                </button>
              )}
            </div>
          )
        })}
      </div>
      {withBudget ? (
        <div className={styles.budgetRow} role="row" aria-rowindex={2} tabIndex={-1}>
          <div className={styles.corner} role="rowheader" aria-colindex={1} style={{ width: sizes.name }} tabIndex={-1}>
            Within budget
          </div>
          {columns.map((at) => {
            const column = model.columns[at]
            if (!column) return null
            return (
              <div
                key={column.key}
                role="gridcell"
                aria-colindex={at + 2}
                className={styles.within}
                data-over={column.within.beyond > 0 || undefined}
                data-planned={column.checkpoint === null || undefined}
                style={place(at)}
                title={withinTitle(column)}
                tabIndex={-1}
              >
                {column.within.of === 0 ? '' : `${column.within.kept} of ${column.within.of}`}
              </div>
            )
          })}
        </div>
      ) : null}
    </div>
  )
}

const servedAt = (model: MatrixModel, { experiment }: ColumnHead) =>
  model.first.stages?.find(({ number, name }) => number === experiment.number && name === experiment.name)?.price ??
  null

/** "2.5 / 10 USD", in and out for a million tokens, of a model that is only served; null of any other. */
function priceOf(model: MatrixModel, column: ColumnHead): string | null {
  const price = servedAt(model, column)
  return price && `${price.input} / ${price.output} ${price.currency}`
}

function priceTitle(model: MatrixModel, column: ColumnHead): string | null {
  const price = servedAt(model, column)
  return (
    price &&
    `API model: ${price.input} in and ${price.output} out ${price.currency} per million tokens (${price.source}, ${price.as_of})`
  )
}

function againstOf(model: MatrixModel, column: ColumnHead): string {
  const { baseline } = model.first
  if (baseline === 'best') return column.within.of > 0 ? 'vs best' : 'root'
  return column.group === 'path' || baseline === 'parent' || baseline === 'root' ? 'root' : 'no baseline'
}

const withinTitle = ({ within }: ColumnHead): string =>
  within.of === 0
    ? 'no benchmark has a budget here'
    : `${within.kept} of ${within.of} stay within their budget by the estimate; ${within.beyond} certainly do not`
