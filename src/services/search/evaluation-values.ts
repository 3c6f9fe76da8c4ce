import type { Orientation } from '#src/core/metrics/orientation.ts'
import { type Field, fieldText, fieldWords } from '#src/core/search/field.ts'
import { listBenchmarksById, listMeasuredBenchmarkIds } from '#src/db/queries/evaluations/list-measured.ts'
import { findProjectById } from '#src/db/queries/projects/find-project.ts'
import type { ReckonedValues } from '#src/db/queries/search/bindings.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { authorize } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { chooseColumns } from '#src/services/evaluations/matrix/choose-columns.ts'
import { compareColumns } from '#src/services/evaluations/matrix/compare-columns.ts'
import { reckonedOnce } from './reckoned.ts'

/** Columns of a matrix that are compared without a pause. */
const COLUMNS_AT_ONCE = 40

type EvaluationField = Extract<Field, { kind: 'eval' }>

/** A stage's value under a benchmark: its score, what changed against the parent, and how that is read. */
export interface StageValue {
  stage: number
  benchmark: string
  better: Orientation
  score: number
  /** New − old in the benchmark's own counting: where lower is better, a gain is below 0. */
  delta: number | null
  state: string | null
}

/**
 * Values of evaluations by the text of their field: of each stage's checkpoint, under the default protocol of the benchmark, against the
 * parent as the matrix of the project shows it.
 *
 * @throws Refusal `forbidden`
 */
export async function evaluationValues(
  ctx: Context,
  scope: ProjectScope,
  fields: readonly EvaluationField[],
): Promise<Map<string, ReckonedValues>> {
  const values = await stageValues(ctx, scope)
  return new Map(
    fields.map((field) => {
      const states = fieldWords({ ...field, reading: 'state' }) ?? []
      const found = values.flatMap((value): [number, number | string][] => {
        if (value.benchmark !== field.benchmark) return []
        if (field.reading === 'score') return [[value.stage, value.score]]
        if (field.reading === 'delta') return value.delta === null ? [] : [[value.stage, value.delta]]
        return value.state !== null && states.includes(value.state) ? [[value.stage, value.state]] : []
      })
      const better = values.find(({ benchmark }) => benchmark === field.benchmark)?.better ?? null
      return [
        fieldText(field),
        { of: 'stage', better, ids: found.map(([id]) => id), values: found.map(([, value]) => value) },
      ]
    }),
  )
}

/**
 * Every stage under every benchmark that its checkpoint was measured on.
 *
 * @throws Refusal `forbidden`
 */
export async function stageValues(ctx: Context, scope: ProjectScope): Promise<StageValue[]> {
  authorize(ctx.actor, 'eval:read', scope)
  return reckonedOnce(ctx, `evaluations ${scope.projectId}`, () => reckon({ ...ctx, db: ctx.services.db }, scope))
}

async function reckon(ctx: Context, scope: ProjectScope): Promise<StageValue[]> {
  const project = await findProjectById(ctx.db, scope, scope.projectId)
  invariant(project, 'a proven project exists')
  const chosen = await chooseColumns(ctx, scope, project.slug, { set: 'stages' })
  const columns = chosen.columns.filter(({ variant, checkpoint }) => variant === '' && checkpoint !== null)
  const checkpoints = columns.flatMap(({ checkpoint }) => checkpoint?.id ?? [])
  const ids = await listMeasuredBenchmarkIds(ctx.db, scope, checkpoints)
  const benchmarks = new Map((await listBenchmarksById(ctx.db, scope, ids)).map((row) => [row.id, row]))
  const values: StageValue[] = []
  // A column needs no other one: some at a time, so that the process does its other work in between.
  for (let from = 0; from < columns.length; from += COLUMNS_AT_ONCE) {
    const some = columns.slice(from, from + COLUMNS_AT_ONCE)
    for (const { column, cells } of await compareColumns(ctx, scope, chosen, some, 'parent', benchmarks))
      for (const cell of cells)
        values.push({
          stage: column.experimentId,
          benchmark: cell.benchmark.slug,
          better: cell.benchmark.orientation > 0 ? ('higher' as const) : ('lower' as const),
          score: cell.after.score,
          delta: cell.estimate?.change ?? null,
          state: cell.state,
        })
  }
  return values
}
