'use client'
import { useState } from 'react'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import type { Capability, Span } from '#src/protocol/capability.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { paths } from '#src/ui/paths.ts'
import styles from './capability.module.css'
import { axisTicks, axisValue, axisWords, bandsOfPath, type StageBand, spaced } from './capability-axes.ts'
import { CheckpointColumns } from './checkpoint-columns.tsx'
import { HEAD, layoutOf } from './drawing-layout.ts'
import { IncidentMarks } from './incident-marks.tsx'
import { LossLane, RateLane } from './loss-lane.tsx'
import { LossReader, type ReadLoss } from './loss-reader.tsx'
import { lossScale } from './loss-scale.ts'
import { type CapabilityChoice, lanesOfPath } from './prepare-capability.ts'
import { CheckpointReading, LossReadingBox } from './reading-box.tsx'
import { NowHeads, ScoreLane } from './score-lane.tsx'
import { usePathLines } from './use-path-lines.ts'

export interface CapabilityDrawingProps extends CapabilityChoice {
  workspace: string
  project: string
  data: Capability
  smoothing: Smoothing | null
  /** The part of the axis that is shown; null: the whole path. */
  zoom: Span | null
  onZoom: (part: Span | null) => void
  /** A score of a benchmark that somebody wants to reach. */
  target: { slug: string; score: number } | null
  /** Of the whole, px. */
  width: number
  hrefOf: (point: Capability['points'][number]) => string
}

/** Bands of the stages, the training loss stitched over them, the learning rate, and a lane a benchmark. */
export function CapabilityDrawing(props: CapabilityDrawingProps) {
  const { workspace, project, data, axis, against, unit, width, zoom, columns, target } = props
  const go = useGo()
  const hasRate = data.stages.some((stage) => stage.learning_rate !== null)
  const layout = layoutOf({ width, hasRate, lanes: columns.length })
  const { plot, narrow, bottom } = layout
  const { bands } = bandsOfPath(data.stages, axis, plot, zoom)
  const lanes = lanesOfPath(data, { columns, axis, against, unit, bands, target })
  const { lines, isWaiting } = usePathLines({ workspace, project, bands, axis, isZoomed: zoom !== null })
  const scale = lossScale(lines, layout.lossTop)
  const [at, setAt] = useState<number | null>(null)
  const [read, setRead] = useState<ReadLoss | null>(null)
  const words = axisWords(axis, data.device_kind)
  const colourOf = (stage: number) => {
    const kind = data.stages[stage]?.experiment.stage_kind
    return kind ? STAGE_LOOKS[kind].colour : 'var(--text)'
  }
  return (
    <div className={styles.drawing}>
      <svg
        className={styles.svg}
        data-drawing
        width={width}
        height={layout.height}
        viewBox={`0 0 ${width} ${layout.height}`}
      >
        <title>{`Capability over ${words}; the table below holds the same numbers`}</title>
        <g transform={`translate(${layout.left} 0)`}>
          {bands.map((band) => (
            <Ground key={band.stage} band={band} height={bottom} />
          ))}
          <LossLane
            bands={bands}
            lines={lines}
            layout={layout}
            scale={scale}
            smoothing={props.smoothing}
            isWaiting={isWaiting}
          />
          {hasRate ? <RateLane bands={bands} lines={lines} layout={layout} isWaiting={isWaiting} /> : null}
          {lanes.map((lane, i) => (
            <ScoreLane
              key={lane.benchmark.slug}
              lane={lane}
              top={layout.lanesTop + i * layout.laneStep}
              layout={layout}
              against={against}
              unit={unit}
              colourOf={colourOf}
            />
          ))}
          {narrow ? null : <NowHeads plot={plot} first={data.stages[0]?.experiment.name ?? ''} against={against} />}
          <AxisLine bands={bands} {...props} bottom={bottom} plot={plot} words={words} narrow={narrow} />
          <CheckpointColumns
            data={data}
            bands={bands}
            axis={axis}
            unit={unit}
            layout={layout}
            at={at}
            setAt={setAt}
            hrefOf={props.hrefOf}
          />
          <LossReader
            data={data}
            axis={axis}
            lines={lines}
            layout={layout}
            scale={scale}
            read={read}
            onRead={setRead}
            onZoom={props.onZoom}
            onOpen={({ lines: { band }, reading }) => {
              const { run } = band.card
              if (run === null) return
              if (reading.step !== null) go(paths.nearestCheckpoint(workspace, project, run, { step: reading.step }))
            }}
          />
          <IncidentMarks lines={lines} layout={layout} hrefOf={(run) => paths.run(workspace, project, run)} />
        </g>
      </svg>
      {at === null ? null : <CheckpointReading {...{ data, axis, against, unit, bands, lanes, layout, width, at }} />}
      {read === null ? null : <LossReadingBox {...{ data, axis, read, layout, width }} />}
    </div>
  )
}

function Ground({ band, height }: { band: StageBand; height: number }) {
  const { experiment } = band.card
  const look = STAGE_LOOKS[experiment.stage_kind]
  return (
    <g>
      <rect x={band.x} y={0} width={band.width} height={height} fill={look.colour} opacity={0.045} />
      <rect x={band.x} y={0} width={band.width} height={HEAD - 2} fill={look.colour} opacity={0.16} />
      <path d={`M${band.x + band.width} 0V${height}`} stroke="var(--line-2)" />
      <look.Icon x={band.x + 6} y={3} width={14} height={14} color={look.colour} strokeWidth={1.75} aria-hidden />
      {band.width >= 30 + experiment.name.length * 6.5 ? (
        <text className={styles.strong} x={band.x + 25} y={14}>
          {experiment.name}
        </text>
      ) : null}
      <title>{`${experiment.name}, ${look.word}`}</title>
    </g>
  )
}

function AxisLine(props: {
  bands: readonly StageBand[]
  axis: CapabilityChoice['axis']
  bottom: number
  plot: number
  words: string
  narrow: boolean
}) {
  const { bands, axis, bottom, words } = props
  const ticks = spaced(axisTicks(bands, props.narrow ? 3 : 8), 24 + words.length * 7)
  return (
    <g>
      <path d={`M0 ${bottom}H${props.plot}`} stroke="var(--line-2)" />
      {ticks.map(({ value, x }, i) => (
        <text key={value} className={styles.quiet} x={x} y={bottom + 16} textAnchor={i === 0 ? 'start' : 'middle'}>
          {i === 0 ? `${axisValue(axis, value)} ${words}` : axisValue(axis, value)}
        </text>
      ))}
      {bands
        .filter(({ span }) => !span || span.to <= span.from)
        .map((band) => (
          <text
            key={band.stage}
            className={styles.quiet}
            x={band.x + band.width / 2}
            y={bottom + 16}
            textAnchor="middle"
          >
            {band.card.axes[axis].why?.includes('elsewhere') ? 'elsewhere' : 'not logged'}
            <title>{band.card.axes[axis].why ?? undefined}</title>
          </text>
        ))}
    </g>
  )
}
