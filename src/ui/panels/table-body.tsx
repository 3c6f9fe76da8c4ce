'use client'
import { useMemo } from 'react'
import type { TableContent } from '#src/core/panels/panel-content.ts'
import { litRun, useLitRun } from '#src/ui/charts/lit-run.tsx'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import type { BodyProps } from './body-props.ts'
import { EmptyPanel, NoValues } from './empty-panel.tsx'
import { PanelFigure } from './panel-figure.tsx'
import { runRows } from './panel-table.ts'
import { countSentence } from './panel-words.ts'
import styles from './panels.module.css'

const ROWS_MAX = 200

/** Fields of the runs as a table. */
export function TableBody({ content, title, values, height, figure }: BodyProps<TableContent>) {
  const sentence = countSentence(values.runs.length, values, [])
  const table = useMemo(
    () => runRows(values, content, title, [`${sentence}.`, ...figure.notes]),
    [values, content, title, sentence, figure.notes],
  )
  const lit = useLitRun()
  const { columns, rows } = table.table
  return (
    <PanelFigure frame={figure} sentence={sentence} table={table}>
      {content.fields.length === 0 ? (
        <EmptyPanel height={height}>No columns yet. Edit this panel to choose some.</EmptyPanel>
      ) : rows.length === 0 ? (
        <NoValues fields={content.fields} values={values} height={height} />
      ) : (
        <div className={styles.body} style={{ height }}>
          <PublishedTableView
            label={title}
            table={{ columns, rows: rows.slice(0, ROWS_MAX) }}
            lit={(row) => values.runs[row]?.number === lit}
            onLight={(row) => litRun.set(row === null ? null : (values.runs[row]?.number ?? null))}
          />
          {rows.length > ROWS_MAX ? (
            <p className={styles.note}>
              {ROWS_MAX} of {rows.length} rows; the copies and the CSV have all.
            </p>
          ) : null}
        </div>
      )}
    </PanelFigure>
  )
}
