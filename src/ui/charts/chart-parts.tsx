'use client'
import { ActionIcon } from '@mantine/core'
import type { ReactNode } from 'react'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { readFailure } from '#src/ui/trpc-client.tsx'
import { cornerWords } from './chart-words.ts'
import styles from './charts.module.css'
import { CornerReading } from './plot-reading.tsx'
import type { PreparedChart } from './prepared-chart.ts'

/** What is left out, and how old the newest of it is; where nothing is, the last value. */
export function Corner(props: {
  chart: PreparedChart
  runsAsked: number | undefined
  lastWriteMs: number | null
  isLarge: boolean
  isQuiet: boolean
}) {
  const words = cornerWords(props.chart, props.isLarge, props.runsAsked)
  if (words === '') return props.isQuiet ? null : <CornerReading chart={props.chart} />
  if (props.lastWriteMs === null) return words
  return (
    <>
      {words}, last write <Ago at={new Date(props.lastWriteMs).toISOString()} />
    </>
  )
}

/** A button of a chart's head, named on hover. */
export function Tool(props: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}

/** In the place of a chart that could not be loaded: what failed, and the way on. */
export function ChartProblem(props: { title: string; error: unknown; retry: () => void; height: number }) {
  const failure = readFailure(props.error)
  return (
    <div className={styles.message} data-tone="problem" role="alert" style={{ minHeight: props.height }}>
      <span>
        {props.title} could not be loaded: {failure.sentence}
      </span>
      {failure.requestId ? (
        <span className={styles.note}>
          Request <code>{failure.requestId}</code>
        </span>
      ) : null}
      <span>
        <button type="button" className="link" onClick={props.retry}>
          Try again
        </button>
      </span>
    </div>
  )
}
