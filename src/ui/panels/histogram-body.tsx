'use client'
import { useMemo } from 'react'
import type { HistogramContent } from '#src/core/panels/panel-content.ts'
import { BARS_MAX, BarDrawing } from './bar-drawing.tsx'
import type { BodyProps } from './body-props.ts'
import { NoValues } from './empty-panel.tsx'
import { HistogramDrawing, type ReadBin } from './histogram-drawing.tsx'
import { PanelFigure, useDrawing } from './panel-figure.tsx'
import { binRows } from './panel-table.ts'
import { binReading, histogramSentence } from './panel-words.ts'
import styles from './panels.module.css'
import { prepareHistogram, wordBars } from './prepare-histogram.ts'
import { useRead } from './use-read.ts'

/** How many runs have which value. */
export function HistogramBody(props: BodyProps<HistogramContent>) {
  const { content, title, values, width, height, groupedBy, figure } = props
  const histogram = useMemo(() => prepareHistogram(values, content, groupedBy), [values, content, groupedBy])
  const [read, setRead] = useRead<ReadBin>()
  const [word, setWord] = useRead<string>()
  const drawing = useDrawing()
  const sentence = histogramSentence(histogram, values)
  const said = histogram.words?.find(({ name }) => name === word)
  const reading = said
    ? `${said.name}: ${said.count} runs`
    : read === null
      ? null
      : binReading(histogram, read.row, read.bin)
  return (
    <PanelFigure
      frame={figure}
      sentence={sentence}
      reading={reading}
      table={binRows(histogram, title, [`${sentence}.`, ...figure.notes])}
      drawing={drawing}
      height={height}
    >
      <div ref={drawing} className={styles.body} style={{ height }}>
        {histogram.n === 0 ? (
          <NoValues fields={[content.field]} values={values} height={height} />
        ) : histogram.words ? (
          <BarDrawing
            {...{ bars: wordBars(histogram), width, height }}
            read={word}
            onRead={setWord}
            onOpen={() => undefined}
          />
        ) : (
          <HistogramDrawing {...{ histogram, values, width, height, read }} onRead={setRead} />
        )}
      </div>
      {histogram.words && histogram.words.length > BARS_MAX ? (
        <p className={styles.note}>
          {BARS_MAX} of {histogram.words.length} values; the table has all.
        </p>
      ) : null}
    </PanelFigure>
  )
}
