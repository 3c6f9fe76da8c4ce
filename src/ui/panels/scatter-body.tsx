'use client'
import { useMemo } from 'react'
import { runTitle } from '#src/core/layouts/layout.ts'
import type { ScatterContent } from '#src/core/panels/panel-content.ts'
import type { BodyProps } from './body-props.ts'
import { dotPath } from './dot-path.ts'
import { NoValues } from './empty-panel.tsx'
import { fieldName } from './field-format.ts'
import { RAMP } from './panel-colours.ts'
import { PanelFigure, useDrawing } from './panel-figure.tsx'
import { cellText, runRows } from './panel-table.ts'
import { columnOf } from './panel-values.ts'
import { associationWords, scatterSentence } from './panel-words.ts'
import styles from './panels.module.css'
import { prepareScatter, type ScatterLegend } from './prepare-scatter.ts'
import { ScatterDrawing } from './scatter-drawing.tsx'
import { useRead } from './use-read.ts'

const LEGEND_NAMES_MAX = 8

/** Runs as dots over two fields. */
export function ScatterBody(props: BodyProps<ScatterContent>) {
  const { content, title, values, width, height, colouredBy, groupOf, figure, onOpen } = props
  const scatter = useMemo(
    () => prepareScatter(values, content, { colouredBy, groupOf }),
    [values, content, colouredBy, groupOf],
  )
  const [read, setRead] = useRead<number>()
  const drawing = useDrawing()
  const sentence = scatterSentence(scatter, values)
  const told = associationWords(scatter)
  const run = read === null ? undefined : values.runs[read]
  const fields = [content.x, content.y, ...(content.colour === undefined ? [] : [content.colour])]
  const words = fields.map(
    (field) => `${fieldName(field)} ${cellText(field, columnOf(values, field)[read ?? -1] ?? null) || 'missing'}`,
  )
  return (
    <PanelFigure
      frame={figure}
      sentence={sentence}
      reading={run ? `${runTitle(run)}: ${words.join(', ')}` : null}
      table={runRows(values, content, title, [`${sentence}.`, ...(told === null ? [] : [`${told}.`]), ...figure.notes])}
      drawing={drawing}
      height={height}
    >
      <div ref={drawing}>
        {scatter.dots.length === 0 ? (
          <NoValues fields={[content.x, content.y]} values={values} height={height} />
        ) : (
          <ScatterDrawing
            {...{ scatter, values, width, height, read }}
            onRead={setRead}
            onOpen={(at) => {
              const number = values.runs[at]?.number
              if (number !== undefined) onOpen(number)
            }}
          />
        )}
      </div>
      <Legend legend={scatter.legend} words={told} />
    </PanelFigure>
  )
}

function Legend({ legend, words }: { legend: ScatterLegend; words: string | null }) {
  if (legend.kind === 'runs' && words === null) return null
  return (
    <div className={styles.legend}>
      {legend.kind === 'numbers' ? <Ramp legend={legend} /> : null}
      {legend.kind === 'categories' ? <Names legend={legend} /> : null}
      {words === null ? null : <span className="ink-3">{words}</span>}
    </div>
  )
}

function Ramp({ legend: { field, low, high } }: { legend: Extract<ScatterLegend, { kind: 'numbers' }> }) {
  return (
    <span>
      {fieldName(field)} {low}
      <svg width={RAMP.length * 14} height={10} aria-hidden>
        {RAMP.map((colour, i) => (
          <rect key={colour} x={i * 14} y={0} width={14} height={10} fill={colour} />
        ))}
      </svg>
      {high}
    </span>
  )
}

function Names({ legend: { field, names } }: { legend: Extract<ScatterLegend, { kind: 'categories' }> }) {
  return (
    <>
      <span>{fieldName(field)}</span>
      {names.slice(0, LEGEND_NAMES_MAX).map(({ name, colour, shape, n }) => (
        <span key={name}>
          <svg width={12} height={12} aria-hidden>
            <path d={dotPath(shape, 6, 6, 4)} fill={colour} />
          </svg>
          {name} {n}
        </span>
      ))}
      {names.length > LEGEND_NAMES_MAX ? <span>and {names.length - LEGEND_NAMES_MAX} more</span> : null}
    </>
  )
}
