'use client'
import Link from 'next/link'
import { useRef } from 'react'
import type { CurvePlace } from '#src/core/checkpoints/nearest-checkpoint.ts'
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import styles from './pinned-checkpoint.module.css'
import type { LineReading } from './readings.ts'

/** Where the checkpoint of a run lies that is nearest to a place of its curve, and what the run is called. */
export interface CheckpointAt {
  hrefOf: (run: number, place: CurvePlace) => string
  nameOf: (run: number) => string
}

/** From a pinned reading to the nearest checkpoint of its run; of several runs, of the one that is named first. */
export function PinnedCheckpoint(props: { at: CheckpointAt; axis: XAxis; reading: LineReading; among: number }) {
  const { at, axis, reading, among } = props
  const isPressed = useRef(false)
  // What stands for several runs has no checkpoint.
  if (reading.line.group) return null
  const place = placeOf(axis, reading.reading.x)
  if (place === null) return <span className={styles.words}>Over steps or tokens it leads to a checkpoint</span>
  const { run } = reading.line
  return (
    <Link
      className={`link ${styles.link}`}
      href={at.hrefOf(run, place)}
      prefetch={false}
      // Below it lies the chart, which would take the press for a place to pin. A drag over the chart may end here.
      onPointerDown={(event) => {
        isPressed.current = true
        event.stopPropagation()
      }}
      onPointerUp={(event) => {
        if (isPressed.current) event.stopPropagation()
        isPressed.current = false
      }}
    >
      Nearest checkpoint{among > 1 ? ` of ${at.nameOf(run)}` : ''}
    </Link>
  )
}

const placeOf = (axis: XAxis, x: number): CurvePlace | null =>
  axis === 'step' ? { step: Math.round(x) } : axis === 'tokens' ? { tokens: Math.round(x) } : null
