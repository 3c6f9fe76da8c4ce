/** What the benchmarks mean to each stage, and what the stage may lose of them together. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import { BENCHMARK_ROLES } from '../../core/evaluations/benchmarks.ts'
import { GATES } from '../../core/forgetting/budget.ts'
import { checkpoints } from './checkpoints.ts'
import { createdAt, oneOf, workspaceId } from './columns.ts'
import { benchmarks } from './evaluations.ts'
import { experiments } from './experiments.ts'

/** What a benchmark means to a stage, and how much of it the stage may lose. */
export const experimentBenchmarks = pgTable(
  'experiment_benchmarks',
  {
    workspaceId: workspaceId(),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    benchmarkId: bigint('benchmark_id', { mode: 'number' }).notNull(),
    role: text('role', { enum: BENCHMARK_ROLES }),
    /** Largest loss of utility that is accepted, in the benchmark's own scale. */
    tolerance: doublePrecision('tolerance'),
  },
  (t) => [
    primaryKey({ columns: [t.experimentId, t.benchmarkId] }),
    index('experiment_benchmarks_benchmark').on(t.benchmarkId),
    foreignKey({
      name: 'experiment_benchmarks_experiment',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'experiment_benchmarks_benchmark_fk',
      columns: [t.workspaceId, t.benchmarkId],
      foreignColumns: [benchmarks.workspaceId, benchmarks.id],
    }),
    check('experiment_benchmarks_role', oneOf(t.role, BENCHMARK_ROLES)),
    check('experiment_benchmarks_tolerance', sql`${t.tolerance} >= 0`),
  ],
)

/** What a stage may lose on the mean of what it should keep, and what happens when it does; absent: the defaults. */
export const stageBudgets = pgTable(
  'stage_budgets',
  {
    workspaceId: workspaceId(),
    experimentId: bigint('experiment_id', { mode: 'number' }).primaryKey(),
    /** Largest fall of mean retention that is accepted, in normalised points; null: the default. */
    points: doublePrecision('points'),
    gate: text('gate', { enum: GATES }),
    /** True: training that starts from this stage waits for its gate, and so does a pin. */
    holds: boolean('holds').notNull().default(false),
  },
  (t) => [
    foreignKey({
      name: 'stage_budgets_experiment',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }).onDelete('cascade'),
    check('stage_budgets_points', sql`${t.points} >= 0`),
    check('stage_budgets_gate', oneOf(t.gate, GATES)),
  ],
)

/** Somebody let through what the gate of a stage held up: for one checkpoint of it, with the reason. */
export const gateOverrides = pgTable(
  'gate_overrides',
  {
    workspaceId: workspaceId(),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    checkpointId: bigint('checkpoint_id', { mode: 'number' }).notNull(),
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.experimentId, t.checkpointId] }),
    index('gate_overrides_checkpoint').on(t.checkpointId),
    foreignKey({
      name: 'gate_overrides_experiment',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'gate_overrides_checkpoint_fk',
      columns: [t.workspaceId, t.checkpointId],
      foreignColumns: [checkpoints.workspaceId, checkpoints.id],
    }).onDelete('cascade'),
    check('gate_overrides_reason', sql`${t.reason} <> ''`),
  ],
)
