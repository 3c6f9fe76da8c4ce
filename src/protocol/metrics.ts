/** Points, console lines and streams on the wire. Batches are checked by the store's own bounded reader, not by zod. */
import * as z from 'zod'
import { SEARCH_CHARACTERS_MAX } from '../core/console/line-search.ts'
import { ORIENTATIONS } from '../core/metrics/orientation.ts'
import { Count, Uid } from './words.ts'

/** A value; non-finite ones travel as words, null is absent. */
export const MetricValue = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']), z.null()])

export const MetricGroup = z.object({
  step: z.array(Count),
  t: z.array(Count).optional(),
  m: z.record(z.string(), z.array(MetricValue)),
})

export const MetricRow = z.object({ key: z.string(), value: MetricValue, step: Count, t: Count.optional() })

/** Documentation of the body; a group shares its axes. */
export const MetricBatch = z
  .union([z.object({ groups: z.array(MetricGroup) }), z.array(MetricRow)])
  .meta({ id: 'MetricBatch' })

export const BatchAnswer = z
  .object({
    acked: Count,
    dup: z.boolean(),
    written: Count,
    rejected: z.array(z.object({ key: z.string(), reason: z.string(), step: z.number().optional() })),
    contiguous: Count,
    missing: z.array(z.tuple([Count, Count])),
    stop: z.boolean(),
  })
  .meta({ id: 'BatchAnswer' })
export type BatchAnswer = z.infer<typeof BatchAnswer>

/** The content type of a batch of points in the binary form of `docs/wire/metrics-v1.md`. */
export const BINARY_BATCH_TYPE = 'application/vnd.descent.metrics.v1'
export type BatchFormat = 'json' | 'binary'

export const BATCH_POINTS_MAX = 100_000
export const BATCH_BYTES_MAX = 8 * 1024 * 1024
export const KEYS_PER_RUN_MAX = 10_000
export const KEYS_PER_RUN_WARN = 2_000
export const LOG_LINE_BYTES_MAX = 64 * 1024

export const LogBatch = z
  .object({
    lines: z
      .array(z.object({ t: Count, fd: z.union([z.literal(1), z.literal(2)]), text: z.string() }))
      .min(1)
      .max(100_000),
  })
  .meta({ id: 'LogBatch' })
export type LogBatch = z.infer<typeof LogBatch>

export const LogPage = z
  .object({
    first_line: Count,
    total_lines: Count,
    lines: z.array(z.object({ n: Count, t: Count, fd: z.number().int(), attempt: z.number().int(), text: z.string() })),
  })
  .meta({ id: 'LogPage' })
export type LogPage = z.infer<typeof LogPage>

/** What is looked for in a console. */
export const LogSearch = z.object({
  q: z.string().min(1).max(SEARCH_CHARACTERS_MAX),
  regex: z.boolean().default(false).meta({ description: 'q is a regular expression (ECMAScript, Unicode)' }),
  exact: z.boolean().default(false).meta({ description: 'upper and lower case differ' }),
  since: Count.default(0).meta({ description: 'only lines from this number on' }),
  before: Count.optional().meta({ description: 'only lines before this number; those of a search that ended early' }),
})

/** Lines in which a search matches. */
export const LogMatches = z
  .object({
    total_lines: Count,
    searched_from: Count.meta({
      description: 'greater than `since` when the time was over before all was looked through',
    }),
    matches: Count,
    lines: z.array(Count).meta({ description: 'numbers from 0, ascending; the newest 10,000' }),
    took_ms: Count,
  })
  .meta({ id: 'LogMatches' })
export type LogMatches = z.infer<typeof LogMatches>

export const StreamCursor = z.object({
  stream: Uid,
  attempt: z.number().int(),
  contiguous: Count,
  missing: z.array(z.tuple([Count, Count])),
  closed: z.boolean(),
})
export type StreamCursor = z.infer<typeof StreamCursor>

export const StreamClose = z.object({ last_seq: Count }).meta({ id: 'StreamClose' })

/** The latest of one metric of one run. last: value at the largest step of the default view; min and max over finite values. */
export const MetricSummary = z
  .object({
    key: z.string(),
    n: Count,
    first_step: Count.nullable(),
    first_value: MetricValue,
    last_step: Count.nullable(),
    last_value: MetricValue,
    last_t: Count.nullable(),
    min: MetricValue,
    min_step: Count.nullable(),
    max: MetricValue,
    max_step: Count.nullable(),
    /** Which values are better, where the workspace or the key's name tells. */
    orientation: z.enum(ORIENTATIONS).nullable(),
    /** The least or the greatest finite value by orientation; null without one. */
    best: z.number().nullable(),
    best_step: Count.nullable(),
  })
  .meta({ id: 'MetricSummary' })
export type MetricSummary = z.infer<typeof MetricSummary>

/** A metric key of the workspace. */
export const MetricKey = z
  .object({
    key: z.string(),
    orientation: z.enum(ORIENTATIONS).nullable(),
    /** Somebody said so; else it is told from the name. */
    is_set: z.boolean(),
  })
  .meta({ id: 'MetricKey' })
export type MetricKey = z.infer<typeof MetricKey>

/** null takes back what was said: the name tells again. */
export const MetricKeyChange = z
  .object({ key: z.string().min(1).max(256), orientation: z.enum(ORIENTATIONS).nullable() })
  .meta({ id: 'MetricKeyChange' })
export type MetricKeyChange = z.infer<typeof MetricKeyChange>
