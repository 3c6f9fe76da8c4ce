'use client'
/** A chart in a file of its own: what a page says in words and numbers does not wait for what draws. */
import { Skeleton } from '@mantine/core'
import { later } from '#src/ui/kit/later.tsx'
import type { MetricChartProps } from './metric-chart.tsx'

/** The line above a plot, px. */
const HEAD = 26

/** The chart once its code is there; its place is held until then. */
export const MetricChartLater = later<MetricChartProps>(
  () => import('./metric-chart.tsx').then((file) => file.MetricChart),
  ({ height }) => <Skeleton height={height + HEAD} radius={0} />,
)

/** Begins to load it. */
export const preloadCharts = MetricChartLater.preload
