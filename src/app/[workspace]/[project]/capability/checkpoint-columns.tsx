'use client'
import type { KeyboardEvent } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import type { PathAxis } from '#src/core/lineage/path-axes.ts'
import type { Capability } from '#src/protocol/capability.ts'
import styles from './capability.module.css'
import { type StageBand, xIn } from './capability-axes.ts'
import { cellWords } from './capability-words.ts'
import { HEAD, type Layout } from './drawing-layout.ts'
import { type LossUnit, shownCell } from './prepare-capability.ts'

/** Half of the width that a checkpoint is pointed at in, where no neighbour is nearer. */
const REACH = 14

/**
 * A link a checkpoint, as high as all score lanes: pointing at it or moving to it by arrow keys reads all lanes there, Enter opens
 * where it came from. Where two lie nearer than 24 px they share the room between them; zooming parts them, and the table names each.
 */
export function CheckpointColumns(props: {
  data: Capability
  bands: readonly StageBand[]
  axis: PathAxis
  unit: LossUnit
  layout: Layout
  at: number | null
  setAt: (at: number | null) => void
  hrefOf: (point: Capability['points'][number]) => string
}) {
  const { data, bands, axis, layout, at, setAt, hrefOf } = props
  const places = data.points.flatMap((point, i) => {
    const band = bands.find((one) => one.stage === point.stage)
    const x = band ? xIn(band, point.at[axis]) : null
    return x === null ? [] : [{ point, i, x }]
  })
  const stop = places.some(({ i }) => i === at) ? at : places.at(-1)?.i
  const keys = (event: KeyboardEvent<Element>, place: number) => {
    const next = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: places.length - 1 }[event.key]
    if (event.key === 'Escape') setAt(null)
    if (next === undefined || next < 0 || next >= places.length) return
    event.preventDefault()
    const links = event.currentTarget.parentElement?.querySelectorAll('a')
    links?.[next]?.focus()
  }
  return (
    <g data-screen-only>
      {places.map(({ point, i, x }, place) => {
        const [before, after] = [places[place - 1]?.x ?? x - 2 * REACH, places[place + 1]?.x ?? x + 2 * REACH]
        const from = Math.max(x - REACH, (before + x) / 2)
        const to = Math.max(from + 2, Math.min(x + REACH, (x + after) / 2))
        return (
          <a
            key={point.checkpoint.id}
            href={hrefOf(point)}
            className={styles.column}
            data-checkpoint={point.checkpoint.id}
            tabIndex={i === stop ? 0 : -1}
            aria-label={spoken(data, point, props.unit)}
            onPointerEnter={() => setAt(i)}
            onPointerLeave={() => setAt(null)}
            onFocus={() => setAt(i)}
            onBlur={() => setAt(null)}
            onKeyDown={(event) => keys(event, place)}
          >
            <rect
              x={from}
              y={layout.lanesTop}
              width={to - from}
              height={layout.bottom - layout.lanesTop}
              fill="transparent"
            />
            {at === i ? (
              <path
                d={`M${x} ${HEAD}V${layout.bottom}`}
                stroke="var(--text)"
                strokeWidth={1}
                opacity={0.5}
                pointerEvents="none"
              />
            ) : null}
          </a>
        )
      })}
    </g>
  )
}

/** A checkpoint in words, for readers. */
function spoken(data: Capability, point: Capability['points'][number], unit: LossUnit): string {
  const name = data.stages[point.stage]?.experiment.name ?? ''
  const cells = point.cells.flatMap((given, c) => {
    const cell = shownCell(given, unit)
    const benchmark = data.benchmarks[c]
    return cell && benchmark ? [`${benchmark.name} ${cellWords(cell, benchmark)}`] : []
  })
  return [`${name}, step ${formatExactCount(point.checkpoint.step)}`, ...cells].join('; ')
}
