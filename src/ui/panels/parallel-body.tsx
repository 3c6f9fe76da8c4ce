'use client'
import { useMemo, useState } from 'react'
import { runTitle } from '#src/core/layouts/layout.ts'
import type { ParallelContent } from '#src/core/panels/panel-content.ts'
import type { AxisRange } from '#src/core/panels/parallel-axes.ts'
import { useLitRun } from '#src/ui/charts/lit-run.tsx'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import { AxisRangeForm } from './axis-range.tsx'
import type { BodyProps } from './body-props.ts'
import { EmptyPanel, NoValues } from './empty-panel.tsx'
import { fieldName } from './field-format.ts'
import { ImportanceList } from './importance-list.tsx'
import { PanelFigure, useDrawing } from './panel-figure.tsx'
import { cellText, importanceRows, runRows } from './panel-table.ts'
import { columnOf } from './panel-values.ts'
import { importanceSentence, parallelSentence } from './panel-words.ts'
import styles from './panels.module.css'
import { ParallelDrawing } from './parallel-drawing.tsx'
import { prepareParallel } from './prepare-parallel.ts'

/** An axis with its marks needs so much room, px; beyond that the drawing scrolls. */
const AXIS_LEAST = 84

/** Runs as lines through several axes, with what goes along with the target below. */
export function ParallelBody(props: BodyProps<ParallelContent>) {
  const { content, title, values, width, height, colouredBy, groupOf, figure } = props
  const [ranges, setRanges] = useState<AxisRange[]>([])
  const [picked, setPicked] = useState<string | null>(null)
  const parallel = useMemo(
    () => prepareParallel(values, content, ranges, { colouredBy, groupOf }),
    [values, content, ranges, colouredBy, groupOf],
  )
  const drawing = useDrawing()
  const lit = useLitRun()
  const at = values.runs.findIndex(({ number }) => number === lit)
  const run = values.runs[at]
  const sentence = parallelSentence(parallel, values)
  const axis = parallel.axes.find(({ field }) => field === picked)
  const fields = parallel.axes.map(({ field }) => field)
  const words = fields.map(
    (field) => `${fieldName(field)} ${cellText(field, columnOf(values, field)[at] ?? null) || 'missing'}`,
  )
  const notes = [`${sentence}.`, ...(parallel.importance ? [importanceSentence(parallel)] : []), ...figure.notes]
  return (
    <PanelFigure
      frame={figure}
      sentence={sentence}
      reading={run ? `${runTitle(run)}: ${words.join(', ')}` : null}
      table={runRows(values, content, title, notes)}
      drawing={drawing}
      height={height}
    >
      <div ref={drawing}>
        {fields.length < 2 ? (
          <EmptyPanel height={height}>
            Parallel coordinates need two fields or more. Edit this panel to add some.
          </EmptyPanel>
        ) : parallel.axes.every(({ places }) => places.every((place) => place === null)) ? (
          <NoValues fields={fields} values={values} height={height} />
        ) : (
          <ScrollBox label={`${title}, as lines`}>
            <ParallelDrawing
              {...{ parallel, values, ranges, picked, height }}
              width={Math.max(width, fields.length * AXIS_LEAST)}
              onRanges={setRanges}
              onPick={(field) => setPicked(field === picked ? null : field)}
            />
          </ScrollBox>
        )}
      </div>
      {axis ? (
        <AxisRangeForm
          key={axis.field}
          axis={axis}
          range={ranges.find(({ field }) => field === axis.field) ?? null}
          onRange={(range) => {
            const rest = ranges.filter(({ field }) => field !== axis.field)
            setRanges(range ? [...rest, range] : rest)
          }}
        />
      ) : fields.length > 1 ? (
        <p className={styles.note}>
          Drag along an axis, or press its name, to choose a range.{' '}
          {ranges.length > 0 ? (
            <button type="button" className="link" onClick={() => setRanges([])}>
              Clear {ranges.length === 1 ? 'the range' : `${ranges.length} ranges`}
            </button>
          ) : null}
        </p>
      ) : null}
      {parallel.noImportance ? <p className={styles.note}>{parallel.noImportance}</p> : null}
      {parallel.importance ? (
        <ImportanceList importance={parallel.importance} table={importanceRows(parallel.importance)} />
      ) : null}
    </PanelFigure>
  )
}
