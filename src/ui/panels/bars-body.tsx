'use client'
import { useMemo } from 'react'
import type { BarContent, BarSpread } from '#src/core/panels/panel-content.ts'
import { BARS_MAX, BarDrawing } from './bar-drawing.tsx'
import type { BodyProps } from './body-props.ts'
import { EmptyPanel, NoValues } from './empty-panel.tsx'
import { fieldName } from './field-format.ts'
import { PanelFigure, useDrawing } from './panel-figure.tsx'
import { barRows } from './panel-table.ts'
import { barReading, barsSentence } from './panel-words.ts'
import styles from './panels.module.css'
import { prepareBars } from './prepare-bars.ts'
import { useRead } from './use-read.ts'

export const SPREAD_WORDS: Readonly<Record<BarSpread, string>> = {
  sd: 'standard deviation',
  range: 'least to greatest',
  box: 'box: quartiles, whiskers to 1.5 IQR',
  none: 'none',
}

/** A number of runs, or of groups of them, as bars. */
export function BarsBody(props: BodyProps<BarContent>) {
  const { content, title, values, width, height, colouredBy, groupedBy, figure, onOpen } = props
  const bars = useMemo(
    () => prepareBars(values, content, { colouredBy, groupedBy }),
    [values, content, colouredBy, groupedBy],
  )
  const [read, setRead] = useRead<string>()
  const drawing = useDrawing()
  const sentence = barsSentence(bars, values)
  const one = bars.bars.find(({ key }) => key === read)
  return (
    <PanelFigure
      frame={figure}
      sentence={sentence}
      reading={one ? barReading(one, bars) : null}
      table={barRows(bars, title, [`${bars.axisName}: ${sentence}.`, ...figure.notes])}
      drawing={drawing}
      height={height}
    >
      <div ref={drawing} className={styles.body} style={{ height }}>
        {bars.problem !== null ? (
          <EmptyPanel height={height}>
            {fieldName(content.field)} {bars.problem}. A distribution counts them.
          </EmptyPanel>
        ) : bars.bars.length === 0 ? (
          <NoValues fields={[content.field]} values={values} height={height} />
        ) : (
          <BarDrawing
            {...{ bars, width, height, read }}
            onRead={setRead}
            onOpen={({ run }) => {
              if (run !== null) onOpen(run)
            }}
          />
        )}
      </div>
      {bars.bars.length > BARS_MAX ? (
        <p className={styles.note}>
          {BARS_MAX} of {bars.bars.length} bars; the table has all.
        </p>
      ) : null}
    </PanelFigure>
  )
}
