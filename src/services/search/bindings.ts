import { orientationOf } from '#src/core/metrics/orientation.ts'
import type { Expr } from '#src/core/search/expression.ts'
import { type Field, fieldText } from '#src/core/search/field.ts'
import type { ReckonedValues, SearchBindings } from '#src/db/queries/search/bindings.ts'
import { findConfigKeys } from '#src/db/queries/search/find-config-keys.ts'
import { findMetricKeys } from '#src/db/queries/search/find-metric-keys.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { evaluationValues } from './evaluation-values.ts'
import { runCosts } from './run-costs.ts'
import { weightPaths } from './weight-paths.ts'

/** Looks up what the names of a search and of fields beside it mean in a project. */
export async function bindingsFor(
  ctx: Context,
  scope: ProjectScope,
  expr: Expr | null,
  fields: readonly Field[],
): Promise<SearchBindings> {
  const asked = new Map(fields.map((field) => [fieldText(field), field]))
  let hasLineage = false
  if (expr)
    eachPart(expr, (part) => {
      if ('field' in part) asked.set(fieldText(part.field), part.field)
      if (part.kind === 'lineage') hasLineage = true
    })
  const all = [...asked.values()]
  const configKeys = all.flatMap((field) => (field.kind === 'config' ? field.key : []))
  const metricKeys = all.flatMap((field) => (field.kind === 'metric' ? field.key : []))
  const evaluations = all.flatMap((field) => (field.kind === 'eval' ? field : []))
  const [configs, metrics, paths, evaluated, costs] = await Promise.all([
    findConfigKeys(ctx.db, scope, configKeys),
    findMetricKeys(ctx.db, scope, metricKeys),
    hasLineage ? weightPaths(ctx, scope) : { stages: [], runs: [], projectIds: [] },
    evaluations.length > 0 ? evaluationValues(ctx, scope, evaluations) : new Map<string, ReckonedValues>(),
    asked.has('cost') ? runCosts(ctx, scope) : null,
  ])
  const reckoned = new Map(evaluated)
  if (costs) reckoned.set('cost', costs.values)
  return {
    now: ctx.services.now().getTime(),
    configKeys: new Map(configs.map(({ path, id }) => [path, id])),
    metrics: new Map(
      metrics.map(({ name, id, orientation }) => [name, { id, better: orientation ?? orientationOf(name) }]),
    ),
    reckoned,
    paths: { stages: paths.stages, runs: paths.runs },
    projectIds: [scope.projectId, ...paths.projectIds.filter((id) => id !== scope.projectId)],
  }
}

function eachPart(expr: Expr, see: (part: Expr) => void): void {
  see(expr)
  if (expr.kind === 'and' || expr.kind === 'or') for (const part of expr.parts) eachPart(part, see)
  if (expr.kind === 'not' || expr.kind === 'lineage') eachPart(expr.part, see)
}
