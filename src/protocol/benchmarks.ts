/** Benchmarks and protocols on the wire: what is measured, how, and what people changed of their words. */
import * as z from 'zod'
import { BENCHMARK_KINDS, BENCHMARK_USES } from '../core/evaluations/benchmarks.ts'
import { FACETS } from '../core/evaluations/facets.ts'
import { GAIN_LABELS } from '../core/evaluations/gain-label.ts'
import { PARTS } from '../core/evaluations/paired-parts.ts'
import { HARD_FIELDS } from '../core/evaluations/protocol.ts'
import { Benchmark, ProtocolInput } from './evaluations.ts'
import { ExperimentRef } from './experiments.ts'
import { Count, Instant, Name, Sha256, Slug, Uid } from './words.ts'

export const BenchmarkSummary = Benchmark.extend({
  description: z.string(),
  /** False: a stage named it, and nobody has said yet what it is. */
  defined: z.boolean(),
  checkpoints: z.number().int().meta({ description: 'on which it was measured' }),
  protocols: z.number().int().meta({ description: 'by which it was measured' }),
  newest_at: Instant.nullable(),
}).meta({ id: 'BenchmarkSummary' })
export type BenchmarkSummary = z.infer<typeof BenchmarkSummary>

/** Fields that are absent stay; null takes a value away. */
export const BenchmarkChange = z
  .object({
    name: Name,
    category: z.string().trim().min(1).max(64),
    use: z.enum(BENCHMARK_USES).nullable(),
    kind: z.enum(BENCHMARK_KINDS),
    higher_is_better: z.boolean(),
    chance: z.number().nullable(),
    best: z.number().nullable(),
    unit: z.string().max(32).nullable(),
    margin: z.number().nullable(),
    twin: Slug.nullable(),
    gain: z.enum(GAIN_LABELS).nullable().meta({ description: 'what a gain on it shows; null: what its category says' }),
    valid_until: z.iso.date().nullable(),
    domain: z.string().trim().min(1).max(64).nullable(),
    facet: z.enum(FACETS).nullable().meta({ description: 'of its domain; null: all four, by the label of its items' }),
    part: z.enum(PARTS).nullable().meta({ description: 'with `pair`; null takes both apart again' }),
    pair: Slug.nullable(),
    description: z.string().max(4000),
    default_protocol: Sha256.nullable().meta({ description: 'a fingerprint; null: that of the newest evaluation' }),
  })
  .partial()
  .meta({ id: 'BenchmarkChange' })
export type BenchmarkChange = z.infer<typeof BenchmarkChange>

export const ProtocolChange = z
  .object({ name: z.string().trim().max(200), note: z.string().max(4000) })
  .partial()
  .meta({ id: 'ProtocolChange' })
export type ProtocolChange = z.infer<typeof ProtocolChange>

export const DefinitionEdit = z.object({
  at: Instant,
  by: z.string(),
  field: z.string(),
  before: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  after: z.union([z.string(), z.number(), z.boolean()]).nullable(),
})
export type DefinitionEdit = z.infer<typeof DefinitionEdit>

const ProtocolOfBenchmark = z.object({
  fingerprint: z.string(),
  name: z.string(),
  note: z.string(),
  fields: ProtocolInput,
  metrics: z.array(z.string()),
  checkpoints: z.number().int(),
  newest_at: Instant.nullable(),
  is_default: z.boolean(),
  /** Hard fields in which it differs from the default; empty for the default itself. */
  differs: z.array(z.enum(HARD_FIELDS)),
})

/** One standing evaluation of a benchmark. */
export const MeasuredCheckpoint = z.object({
  evaluation: Uid,
  experiment: ExperimentRef,
  checkpoint: z.object({ id: Uid, step: Count, tokens: Count.nullable() }),
  metric: z.string(),
  fingerprint: z.string(),
  variant: z.string(),
  seed: z.string(),
  score: z.number(),
  scale: z.number().int(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  interval_note: z.string().nullable(),
  n: z.number().int().nullable(),
  n_missing: z.string().nullable(),
  source: z.string(),
  measured_at: Instant.nullable(),
  created_at: Instant,
  /** Older results that it supersedes. */
  superseded: z.number().int(),
  /** Items that the checkpoint's training data holds too. */
  overlaps: z.number().int(),
})
export type MeasuredCheckpoint = z.infer<typeof MeasuredCheckpoint>

export const BenchmarkPage = z
  .object({
    benchmark: BenchmarkSummary,
    default_protocol: z.string().nullable(),
    /** Whether a person chose the default protocol or it is that of the newest evaluation. */
    default_by: z.enum(['person', 'newest']).nullable(),
    protocols: z.array(ProtocolOfBenchmark),
    /** The newest first, at most MEASURED_MAX. */
    measured: z.array(MeasuredCheckpoint),
    measured_total: z.number().int(),
    overlaps: z.array(
      z.object({ item: z.string(), dataset: z.string(), row: z.string(), stages: z.array(ExperimentRef) }),
    ),
    /** Items of the newest evaluation that tell until which day their answer holds; null: none does. */
    dated_items: z.object({ dated: z.number().int(), stale: z.number().int() }).nullable(),
    edits: z.array(DefinitionEdit),
  })
  .meta({ id: 'BenchmarkPage' })
export type BenchmarkPage = z.infer<typeof BenchmarkPage>

/** Checkpoints that the page of a benchmark lists. */
export const MEASURED_MAX = 500

export const ProtocolPage = z
  .object({
    fingerprint: z.string(),
    name: z.string(),
    note: z.string(),
    fields: ProtocolInput,
    created_at: Instant,
    benchmarks: z.array(
      z.object({
        benchmark: Benchmark,
        metrics: z.array(z.string()),
        checkpoints: z.number().int(),
        newest_at: Instant.nullable(),
        is_default: z.boolean(),
      }),
    ),
    edits: z.array(DefinitionEdit),
  })
  .meta({ id: 'ProtocolPage' })
export type ProtocolPage = z.infer<typeof ProtocolPage>
