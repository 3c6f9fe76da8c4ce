'use client'
import { Skeleton } from '@mantine/core'
import { type ReactNode, useMemo, useRef } from 'react'
import { type Panel, type RunSet, runTitle } from '#src/core/layouts/layout.ts'
import { originsOf } from '#src/core/layouts/origins.ts'
import { fieldsOf, type PanelContent } from '#src/core/panels/panel-content.ts'
import { useWidth } from '#src/ui/charts/box-size.ts'
import type { ColouredBy } from '#src/ui/charts/run-colour.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { MarkdownView } from '#src/ui/kit/markdown-view.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { paths } from '#src/ui/paths.ts'
import { BarsBody } from './bars-body.tsx'
import type { BodyProps, FigureFrame } from './body-props.ts'
import { EmptyPanel } from './empty-panel.tsx'
import { HistogramBody } from './histogram-body.tsx'
import { NumberBody } from './number-body.tsx'
import { PanelFigure } from './panel-figure.tsx'
import type { PanelValues } from './panel-values.ts'
import { panelTitle } from './panel-words.ts'
import { ParallelBody } from './parallel-body.tsx'
import { ScatterBody } from './scatter-body.tsx'
import { TableBody } from './table-body.tsx'
import { groupOfRuns, type PanelPlace, usePanelValues } from './use-panel-values.ts'

export interface PanelBodyProps {
  panel: Exclude<Panel, { kind: 'line' }>
  runs: RunSet
  place: PanelPlace
  /** CSS px of the plot. */
  height: number
  colouredBy?: ColouredBy
  /** More buttons for its head, behind those of the panel. */
  tools?: ReactNode
}

/** One panel that is no line chart, with its title, reading, table, pictures and copies. */
export function PanelBody({ panel, runs, place, height, colouredBy = 'run', tools = null }: PanelBodyProps) {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const go = useGo()
  const groupedBy = runs.groupedBy ?? null
  const fields = useMemo(() => {
    const own = fieldsOf(panel)
    return groupedBy === null || panel.kind === 'text' || own.includes(groupedBy) ? own : [...own, groupedBy]
  }, [panel, groupedBy])
  const origins = useMemo(() => originsOf(runs.runs), [runs.runs])
  const { error, retry, values } = usePanelValues(place, runs, fields)
  const title = panelTitle(panel)
  const groupOf = useMemo(() => (values ? groupOfRuns(values, groupedBy) : []), [values, groupedBy])
  const frame: FigureFrame = {
    title,
    isNamed: panel.kind !== 'text' || panel.title !== undefined,
    name: title.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-').slice(0, 80),
    tools,
    request: {
      path: `/projects/${encodeURIComponent(place.project)}/runs`,
      query: { ...(runs.q && { q: runs.q }), columns: fields.join(',') },
    },
    notes: notesOf(runs, values),
  }
  return (
    <div ref={box} data-panel={panel.kind}>
      {panel.kind === 'text' ? (
        <PanelFigure frame={frame}>
          <TextBody markdown={panel.markdown} height={height} />
        </PanelFigure>
      ) : values === null || width === 0 ? (
        <PanelFigure frame={frame}>
          {error ? <Problem what={title} error={error} retry={retry} /> : <Skeleton height={height} />}
        </PanelFigure>
      ) : (
        <KindBody
          {...{ content: panel, title, values, runs, width, height, colouredBy, groupedBy, groupOf }}
          figure={frame}
          onOpen={(run) => {
            const from = origins?.get(run)
            go(paths.run(place.workspace, from?.project ?? place.project, from?.number ?? run))
          }}
        />
      )}
    </div>
  )
}

function KindBody({ content, ...rest }: BodyProps<Exclude<PanelContent, { kind: 'text' }>>) {
  switch (content.kind) {
    case 'scatter':
      return <ScatterBody content={content} {...rest} />
    case 'bar':
      return <BarsBody content={content} {...rest} />
    case 'histogram':
      return <HistogramBody content={content} {...rest} />
    case 'parallel':
      return <ParallelBody content={content} {...rest} />
    case 'table':
      return <TableBody content={content} {...rest} />
    case 'number':
      return <NumberBody content={content} {...rest} />
  }
}

function TextBody({ markdown, height }: { markdown: string; height: number }) {
  return markdown.trim() === '' ? (
    <EmptyPanel height={height}>No text yet. Edit this panel to write some; Markdown is read.</EmptyPanel>
  ) : (
    <div style={{ minHeight: height }}>
      <MarkdownView text={markdown} />
    </div>
  )
}

/** "Runs of olmo, tulu." */
const projectsNote = ({ runs }: RunSet): string =>
  `Runs of ${[...new Set(runs.flatMap(({ from }) => from?.project ?? []))].join(', ')}.`

/** Filter, hidden runs and baseline in sentences. */
function notesOf(runs: RunSet, values: PanelValues | null): string[] {
  return [
    runs.q ? `Runs that match: ${runs.q}.` : runs.runs.some(({ from }) => from) ? projectsNote(runs) : 'All runs.',
    ...(runs.hidden.length > 0 ? [`Hidden by hand: ${runs.hidden.length}.`] : []),
    ...(values?.baseline ? [`Baseline: ${runTitle(values.baseline.run)}.`] : []),
    ...(values && values.matching > values.runs.length + runs.hidden.length
      ? [`The first ${values.runs.length} of ${values.matching} runs.`]
      : []),
  ]
}
