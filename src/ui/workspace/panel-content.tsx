'use client'
import { type ReactNode, useCallback, useMemo } from 'react'
import {
  hasOwnLook,
  LINES_MAX,
  type LinePanel,
  type Look,
  lookOf,
  type Panel,
  type Section,
} from '#src/core/layouts/layout.ts'
import { isTelemetryKey } from '#src/core/metrics/metric-key.ts'
import { ChartGroup } from '#src/ui/charts/group-state.tsx'
import { MetricChart } from '#src/ui/charts/metric-chart.tsx'
import { PanelBody } from '#src/ui/panels/panel.tsx'
import { OwnLook } from './own-look.tsx'
import { PanelItems, PanelMenu } from './panel-items.tsx'
import { shortName, useParts } from './workspace-context.tsx'

export interface PanelContentProps {
  panel: Panel
  section: Section
  height: number
  handle?: ReactNode
  /** Over the whole window: more room, and no way to be taken there again. */
  isFull?: boolean
}

/** What a panel shows. */
export function PanelContentView(props: PanelContentProps) {
  const { panel, section } = props
  const { set, workspace, project, colouredBy } = useParts()
  if (panel.kind === 'line') return <LineContentView {...props} panel={panel} />
  return (
    <PanelBody
      panel={panel}
      runs={set}
      place={{ workspace, project }}
      height={props.height}
      colouredBy={colouredBy}
      tools={
        <>
          {props.handle}
          <PanelMenu panel={panel} section={section} isFull={props.isFull ?? false} />
        </>
      }
    />
  )
}

/** Telemetry is logged against the clock: over steps it would lie beside everything else. */
function placedLook(look: Look, panel: LinePanel): Look {
  const isOfClock = panel.metrics.every(isTelemetryKey)
  return isOfClock && look.x !== 'time' && look.x !== 'relative' ? { ...look, x: 'relative' } : look
}

function LineContentView(props: PanelContentProps & { panel: LinePanel }) {
  const { panel, section, isFull = false } = props
  const parts = useParts()
  const { state, asked, workspace, project } = parts
  const look = placedLook(lookOf(state.layout, section, panel), panel)
  // Another axis has a crosshair and a zoom of its own.
  const isApart = look.x !== state.look.x || look.xMetric !== state.look.xMetric
  const runsMax = Math.max(1, Math.floor(LINES_MAX / panel.metrics.length))
  const runs = look.group ? asked.numbers : asked.runs
  const shown = useMemo(
    () => (asked.numbers.length > runsMax ? new Set(asked.numbers.slice(0, runsMax)) : asked.shown),
    [asked, runsMax],
  )
  const title = shortName(panel, section)
  const { openFull } = state
  const onFull = useCallback(() => openFull(panel.id), [openFull, panel.id])
  const link = useCallback(() => linkTo(panel.id), [panel.id])
  const left = asked.left + (asked.numbers.length - shown.size)
  const chart = (
    <MetricChart
      id={panel.id}
      workspace={workspace}
      project={project}
      runs={runs.length > runsMax && !look.group ? [...shown] : runs}
      shown={shown}
      metrics={panel.metrics}
      title={title}
      height={props.height}
      x={look.x}
      xMetric={look.xMetric}
      group={look.group as never}
      smoothing={look.smoothing}
      logX={look.logX}
      logY={look.logY}
      outliers={look.outliers}
      bounds={[look.yMin, look.yMax]}
      members={look.members}
      superseded={look.superseded}
      live={parts.live}
      large={isFull}
      lookOf={parts.lookOfRun}
      nameOf={parts.nameOfRun}
      origins={parts.origins ?? undefined}
      kindOf={parts.kindOfRun}
      none="None of the drawn runs has logged it."
      own={{
        handle: props.handle,
        marks: hasOwnLook(panel) ? (
          <OwnLook look={panel.look} what={title} section={section} panel={panel} />
        ) : undefined,
        items: <PanelItems panel={panel} section={section} isFull={isFull} />,
        onFull: isFull ? undefined : onFull,
        link,
        notes: parts.notes,
        note:
          left > 0
            ? `${shown.size.toLocaleString('en')} of ${(shown.size + left).toLocaleString('en')} runs, the first by the table's order. Group the lines to tell so many apart.`
            : undefined,
      }}
    />
  )
  return isApart ? <ChartGroup>{chart}</ChartGroup> : chart
}

/** The address of this view with one chart open over the window. */
function linkTo(id: string): string {
  const url = new URL(window.location.href)
  url.searchParams.set('chart', id)
  return url.href
}
