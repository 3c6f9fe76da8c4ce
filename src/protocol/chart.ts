/** Chart queries and their answer. */
import * as z from 'zod'
import { GROUP_BANDS, GROUP_CENTERS, SMOOTHINGS, X_AXES } from '../core/metrics/chart-choices.ts'
import { Count, Slug } from './words.ts'

/** Runs drawn as one line per group and metric: computed on the pixel buckets, a run counts once in each. */
export const ChartGrouping = z
  .object({
    by: z.enum(['all', 'experiment', 'config']),
    /** Path into the run's config, for `config`. */
    key: z.string().min(1).max(256).optional(),
    center: z.enum(GROUP_CENTERS).default('mean'),
    band: z.enum(GROUP_BANDS).default('min_max'),
  })
  .meta({ id: 'ChartGrouping' })
export type ChartGrouping = z.infer<typeof ChartGrouping>

/** ema: amount 0 … 0.999, the weight of the past per pixel; mean and gaussian: amount is a width in pixels. */
export const ChartSmoothing = z
  .object({ kind: z.enum(SMOOTHINGS), amount: z.number().min(0).max(4000) })
  .meta({ id: 'ChartSmoothing' })
export type ChartSmoothing = z.infer<typeof ChartSmoothing>

/** Buckets of equal width: bucket i holds x0 + i·dx ≤ x < x0 + (i+1)·dx. */
export const ChartGrid = z.object({ x0: z.number(), dx: z.number().positive() }).meta({ id: 'ChartGrid' })
export type ChartGrid = z.infer<typeof ChartGrid>

export const ChartQuery = z
  .object({
    project: Slug,
    /** Run numbers or uids; with `across` uids. */
    runs: z
      .array(z.union([z.number().int().min(1), z.string()]))
      .min(1)
      .max(500),
    /** Runs of any projects of the workspace that the caller may read; the answer numbers them by their places in `runs`, from 1. */
    across: z.boolean().optional(),
    metrics: z.array(z.string().min(1).max(256)).min(1).max(50),
    x: z.enum(X_AXES).default('step'),
    from: z.number().optional(),
    to: z.number().optional(),
    px: z.number().int().min(1).max(4000).default(800),
    /** Points of superseded attempts too. */
    superseded: z.boolean().default(false),
    /** The metric of the x axis `metric`. */
    x_metric: z.string().min(1).max(256).optional(),
    group: ChartGrouping.optional(),
    smooth: ChartSmoothing.optional(),
    /** The grid of an answer that this one continues: points fall into its buckets, and lines that were reduced stay so. */
    grid: ChartGrid.optional(),
  })
  .meta({ id: 'ChartQuery' })
export type ChartQuery = z.infer<typeof ChartQuery>

/** One line of a group, over the grid's buckets in which at least one of its runs has a value. Arrays as in `ChartSeries`. */
export const ChartGroupLine = z.object({
  group: z.string().meta({ description: 'what the runs have in common, in words' }),
  runs: z.array(z.number().int()),
  metric: z.string(),
  shown: Count,
  x: z.string(),
  center: z.string(),
  low: z.string().optional(),
  high: z.string().optional(),
  /** As of a reduced line: added to center, low and high. */
  base: z.number().optional(),
  n_runs: z.string().meta({ description: 'Uint16: runs with a value, per bucket' }),
})
export type ChartGroupLine = z.infer<typeof ChartGroupLine>

/**
 * One line. `exact`: every point of the range, x and y run in parallel. Otherwise pixel buckets: x is each bucket's first
 * x, y its mean, min and max its extremes over finite values; a bucket without points is left out, so a gap stays a gap.
 * Arrays are little-endian: x Float64, the others Float32 (Float64 when exact), as base64.
 */
export const ChartSeries = z.object({
  run: z.number().int(),
  run_uid: z.string(),
  metric: z.string(),
  attempt: z.number().int().nullable(),
  superseded: z.boolean(),
  exact: z.boolean(),
  n: Count.meta({ description: 'points in the range' }),
  n_total: Count.meta({ description: 'points of the series in the default view' }),
  shown: Count.meta({ description: 'points or buckets sent' }),
  x: z.string(),
  y: z.string(),
  min: z.string().optional(),
  max: z.string().optional(),
  /** The line smoothed, in parallel to y, where smoothing was asked for. */
  smoothed: z.string().optional(),
  /** Added to y, min, max and smoothed of a reduced line: values far from 0 keep their digits in Float32. */
  base: z.number().default(0),
  /** x of points that are NaN or ±Infinity, at most 1,000, with their word. */
  non_finite: z.array(z.object({ x: z.number(), value: z.enum(['NaN', 'Infinity', '-Infinity']) })),
  non_finite_n: Count,
  last_step: Count.nullable(),
  last_t: Count.nullable(),
  /** Raw points of the range were dropped by the project's policy: what is left are buckets of eight points and more. */
  thinned: z.literal(true).optional(),
})
export type ChartSeries = z.infer<typeof ChartSeries>

export const ChartAnswer = z
  .object({
    x: z.enum(X_AXES),
    from: z.number().nullable(),
    to: z.number().nullable(),
    px: z.number().int(),
    /** Resume marks per run: where each attempt begins in the default view. */
    attempts: z.array(
      z.object({ run: z.number().int(), attempt: z.number().int(), first_step: Count, x: z.number().nullable() }),
    ),
    series: z.array(ChartSeries),
    /** The buckets of all reduced lines of this answer; null when every line is exact. */
    grid: ChartGrid.nullable().default(null),
    groups: z.array(ChartGroupLine).default([]),
    /** Runs that have no place on this axis, and why, in words that end a sentence. */
    left_out: z.array(z.object({ run: z.number().int(), why: z.string() })).optional(),
    /** Of the axis `lineage_cost`: ISO 4217; null: none of these runs has a place on it. */
    currency: z.string().nullable().optional(),
    /** When the newest batch of these runs was committed, ms. */
    last_write: Count.nullable().default(null),
  })
  .meta({ id: 'ChartAnswer' })
export type ChartAnswer = z.infer<typeof ChartAnswer>
