'use client'
import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { X_AXES, type XAxis } from '#src/core/metrics/chart-choices.ts'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import type { ChartGrouping } from '#src/protocol/chart.ts'
import { Select } from '#src/ui/kit/select.tsx'
import { X_WORDS } from './axis-words.ts'
import { GROUPINGS, parseSmoothing, smoothingText, type useChartLook } from './chart-look.ts'
import styles from './charts.module.css'
import { useChartGroup } from './group-state.tsx'
import { BAND_WORDS } from './group-words.ts'

type LookState = ReturnType<typeof useChartLook>

const PX = [5, 15, 50] as const
/** Two pickers share a line of a phone. */
const HALF = 'calc(50% - 8px)'

export const SMOOTHING_CHOICES = [
  {
    group: 'Average, weighed by distance',
    items: [0.8, 0.9, 0.95, 0.98, 0.99].map((n) => choice('ema', n, `Smoothed ${n}`)),
  },
  { group: 'Running mean', items: PX.map((n) => choice('mean', n, `Mean of ${n} px`)) },
  { group: 'Gaussian', items: PX.map((n) => choice('gaussian', n, `Gaussian of ${n} px`)) },
]

function choice(kind: Smoothing['kind'], amount: number, word: string) {
  return { value: smoothingText({ kind, amount }), label: word }
}

export const GROUP_WORDS: Readonly<Record<ChartGrouping['by'], string>> = {
  all: 'All runs as one',
  experiment: 'Grouped by stage',
  config: 'Grouped by config',
}

/** X axis and smoothing of the charts of a page; its state is in the address. */
export function ChartToolbar(props: {
  state: LookState
  /** Metrics that may lie on the x axis. */
  metrics: readonly string[]
  hasTokens: boolean
}) {
  const { look, chosen, set } = props.state
  const { setZoom, cursor } = useChartGroup()
  const change = (words: Parameters<LookState['set']>[0]) => {
    // Places on one axis mean nothing on another.
    setZoom(null)
    cursor.set(null)
    void set(words)
  }
  const isDisabled = (axis: XAxis) =>
    (axis === 'tokens' && !props.hasTokens) || (axis === 'metric' && props.metrics.length === 0)
  const smoothing = look.smoothing ? smoothingText(look.smoothing) : 'off'
  const isListed =
    smoothing === 'off' || SMOOTHING_CHOICES.some(({ items }) => items.some((i) => i.value === smoothing))
  return (
    <>
      <Select
        aria-label="X axis"
        w={200}
        maw={HALF}
        value={look.x}
        data={X_AXES.map((axis) => ({ value: axis, label: `x: ${X_WORDS[axis]}`, disabled: isDisabled(axis) }))}
        onChange={(value) => {
          const x = X_AXES.find((axis) => axis === value) ?? 'step'
          change(x === 'metric' ? { x, x_metric: chosen.x_metric ?? props.metrics[0] ?? null } : { x })
        }}
      />
      {look.x === 'metric' ? (
        <Select
          aria-label="Metric on the x axis"
          w={190}
          searchable
          value={look.xMetric}
          data={[...new Set([...props.metrics, ...(look.xMetric === null ? [] : [look.xMetric])])]}
          onChange={(value) => value !== null && change({ x_metric: value })}
        />
      ) : null}
      <Select
        aria-label="Smoothing"
        w={168}
        maw={HALF}
        value={smoothing}
        data={[
          { value: 'off', label: 'Not smoothed' },
          ...(isListed ? [] : [{ value: smoothing, label: `Smoothed ${smoothing.replace(':', ' ')}` }]),
          ...SMOOTHING_CHOICES,
        ]}
        onChange={(value) => value !== null && void set({ smooth: parseSmoothing(value) })}
      />
    </>
  )
}

/** How several runs are drawn together; its state is in the address. */
export function GroupingControls({ state: { chosen, set } }: { state: LookState }) {
  return (
    <>
      <Select
        aria-label="Grouping"
        w={168}
        value={chosen.group ?? 'each'}
        data={[
          { value: 'each', label: 'Each run a line' },
          ...GROUPINGS.map((by) => ({ value: by, label: GROUP_WORDS[by] })),
        ]}
        onChange={(value) => void set({ group: GROUPINGS.find((by) => by === value) ?? null })}
      />
      {chosen.group === 'config' ? <ConfigKey known={chosen.key} onKey={(key) => void set({ key })} /> : null}
      {chosen.group === null ? null : (
        <>
          <Select
            aria-label="Center of a group"
            w={104}
            value={chosen.center}
            data={[
              { value: 'mean', label: 'Mean' },
              { value: 'median', label: 'Median' },
            ]}
            onChange={(value) => void set({ center: value === 'median' ? 'median' : 'mean' })}
          />
          <Select
            aria-label="Band of a group"
            w={126}
            value={chosen.band}
            data={Object.entries(BAND_WORDS).map(([value, label]) => ({ value, label: label || 'No band' }))}
            onChange={(value) => value !== null && void set({ band: value as ChartGrouping['band'] })}
          />
        </>
      )}
    </>
  )
}

/** Taken when the hand leaves the field or presses Enter: half a key groups nothing. */
export function ConfigKey({ known, onKey }: { known: string; onKey: (key: string) => void }) {
  const [text, setText] = useState(known)
  const take = () => {
    if (text.trim() !== known) onKey(text.trim())
  }
  return (
    <TextInput
      aria-label="Config key to group by"
      w={170}
      placeholder="lr or optimizer.lr"
      value={text}
      maxLength={256}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take()
      }}
    />
  )
}

/** A row of controls above charts. */
export function ChartControls({ children }: { children: ReactNode }) {
  return <div className={styles.controls}>{children}</div>
}
