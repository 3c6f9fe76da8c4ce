'use client'
/** How charts are looked at: x axis, smoothing, scale and grouping, kept in the address of the page. */
import { createParser, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { GROUP_BANDS, GROUP_CENTERS, SMOOTHINGS, X_AXES, type XAxis } from '#src/core/metrics/chart-choices.ts'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import type { ChartGrouping } from '#src/protocol/chart.ts'

export interface ChartLook {
  x: XAxis
  /** The metric of the x axis `metric`. */
  xMetric: string | null
  smoothing: Smoothing | null
  logY: boolean
  /** Null: each run is a line of its own; also while a grouping by config has no key yet. */
  group: ChartGrouping | null
}

/** As `kind:amount`; a number alone is an average, `off` is none. */
export function parseSmoothing(text: string): Smoothing | 'off' | null {
  if (text === 'off' || Number(text) === 0) return 'off'
  const [first = '', second] = text.split(':')
  const kind = second === undefined ? 'ema' : SMOOTHINGS.find((kind) => kind === first)
  const amount = Number(second ?? first)
  return kind && amount > 0 && amount <= (kind === 'ema' ? 0.999 : 4000) ? { kind, amount } : null
}

export const smoothingText = (smoothing: Smoothing | 'off'): string =>
  smoothing === 'off' ? 'off' : `${smoothing.kind}:${smoothing.amount}`

export const asSmoothing = createParser<Smoothing | 'off'>({
  parse: parseSmoothing,
  serialize: smoothingText,
  eq: (a, b) => smoothingText(a) === smoothingText(b),
})

/** The weight of the past per pixel: a window of ten pixels. */
export const DEFAULT_SMOOTHING: Smoothing = { kind: 'ema', amount: 0.9 }

export const GROUPINGS = ['all', 'experiment', 'config'] as const satisfies readonly ChartGrouping['by'][]

const WORDS = {
  x: parseAsStringLiteral(X_AXES).withDefault('step'),
  x_metric: parseAsString,
  smooth: asSmoothing.withDefault(DEFAULT_SMOOTHING),
  log: parseAsBoolean.withDefault(true),
  group: parseAsStringLiteral(GROUPINGS),
  key: parseAsString.withDefault(''),
  center: parseAsStringLiteral(GROUP_CENTERS).withDefault('mean'),
  band: parseAsStringLiteral(GROUP_BANDS).withDefault('min_max'),
}

/** The words of an address that say how charts are looked at. */
export const LOOK_WORDS: readonly string[] = Object.keys(WORDS)

/** The look that the address names, what of it is chosen, and how to change it. */
export function useChartLook(has: { tokens: boolean; groups: boolean }) {
  const [words, set] = useQueryStates(WORDS)
  const { x, x_metric, smooth, log, group, key, center, band } = words
  const isPlaced = (x !== 'tokens' || has.tokens) && (x !== 'metric' || x_metric !== null)
  const isGrouped = has.groups && group !== null && (group !== 'config' || key !== '')
  const look = useMemo<ChartLook>(
    () => ({
      x: isPlaced ? x : 'step',
      xMetric: x_metric,
      smoothing: smooth === 'off' ? null : smooth,
      logY: log,
      group: isGrouped && group ? { by: group, ...(group === 'config' && { key }), center, band } : null,
    }),
    [isPlaced, x, x_metric, smooth, log, isGrouped, group, key, center, band],
  )
  return { look, chosen: words, set }
}
