'use client'
import { useMemo } from 'react'
import type { ScatterContent } from '#src/core/panels/panel-content.ts'
import { dotPath } from './dot-path.ts'
import { fieldName } from './field-format.ts'
import { type BodyProps, NoValues, useRead } from './panel.tsx'
import { RAMP } from './panel-colours.ts'
import { PanelFigure, useDrawing } from './panel-figure.tsx'
import { cellText, runRows } from './panel-table.ts'
import { columnOf } from './panel-values.ts'
import { scatterSentence } from './panel-words.ts'
import styles from './panels.module.css'
import { prepareScatter, type ScatterLegend } from './prepare-scatter.ts'
import { ScatterDrawing } from './scatter-drawing.tsx'

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
  const run = read === null ? undefined : values.runs[read]
  const fields = [content.x, content.y, ...(content.colour === undefined ? [] : [content.colour])]
  const words = fields.map(
    (field) => `${fieldName(field)} ${cellText(field, columnOf(values, field)[read ?? -1] ?? null) || 'missing'}`,
  )
  return (
    <PanelFigure
      frame={figure}
      sentence={sentence}
      reading={run ? `${run.name} #${run.number}: ${words.join(', ')}` : null}
      table={runRows(values, content, title, [`${sentence}.`, ...figure.notes])}
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
      <Legend legend={scatter.legend} />
    </PanelFigure>
  )
}

function Legend({ legend }: { legend: ScatterLegend }) {
  if (legend.kind === 'runs') return null
  if (legend.kind === 'numbers')
    return (
      <div className={styles.legend}>
        <span>{fieldName(legend.field)}</span>
        <span>
          {legend.low}
          <svg width={RAMP.length * 14} height={10} aria-hidden>
            {RAMP.map((colour, i) => (
              <rect key={colour} x={i * 14} y={0} width={14} height={10} fill={colour} />
            ))}
          </svg>
          {legend.high}
        </span>
      </div>
    )
  return (
    <div className={styles.legend}>
      <span>{fieldName(legend.field)}</span>
      {legend.names.slice(0, LEGEND_NAMES_MAX).map(({ name, colour, shape, n }) => (
        <span key={name}>
          <svg width={12} height={12} aria-hidden>
            <path d={dotPath(shape, 6, 6, 4)} fill={colour} />
          </svg>
          {name} {n}
        </span>
      ))}
      {legend.names.length > LEGEND_NAMES_MAX ? <span>and {legend.names.length - LEGEND_NAMES_MAX} more</span> : null}
    </div>
  )
}
