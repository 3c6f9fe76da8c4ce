/** Chart queries and their answer. */
import * as z from 'zod'
import { Count, Slug } from './words.ts'

export const X_AXES = ['step', 'relative', 'time', 'tokens'] as const
export type XAxis = (typeof X_AXES)[number]

export const ChartQuery = z
  .object({
    project: Slug,
    /** Run numbers or uids. */
    runs: z
      .array(z.union([z.number().int().min(1), z.string()]))
      .min(1)
      .max(500),
    metrics: z.array(z.string().min(1).max(256)).min(1).max(50),
    x: z.enum(X_AXES).default('step'),
    from: z.number().optional(),
    to: z.number().optional(),
    px: z.number().int().min(1).max(4000).default(800),
    /** Points of superseded attempts too. */
    superseded: z.boolean().default(false),
  })
  .meta({ id: 'ChartQuery' })
export type ChartQuery = z.infer<typeof ChartQuery>

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
  /** x of points that are NaN or ±Infinity, at most 1,000, with their word. */
  non_finite: z.array(z.object({ x: z.number(), value: z.enum(['NaN', 'Infinity', '-Infinity']) })),
  non_finite_n: Count,
  last_step: Count.nullable(),
  last_t: Count.nullable(),
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
  })
  .meta({ id: 'ChartAnswer' })
export type ChartAnswer = z.infer<typeof ChartAnswer>
