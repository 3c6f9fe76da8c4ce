import { groupBy } from '../../core/lineage/group-by.ts'
import { type GroupValueRow, listGroupValues } from '../../db/queries/metrics/list-group-values.ts'
import type { Scope } from '../../db/scope.ts'
import type { ChartGrouping } from '../../protocol/chart.ts'
import type { Context } from '../context.ts'
import { invalid } from '../errors.ts'
import type { RunGroup } from './store.ts'

/**
 * Runs of a workspace, which the caller has found that the actor may read, put together by stage or by a value of their config. Stages come by number, values ascending as numbers and then
 * as text, runs whose config lacks the value last: they are a group of their own and never taken for another's.
 *
 * @throws Refusal `invalid_request` when runs are grouped by config and no key is named
 */
export async function groupRuns(
  ctx: Context,
  scope: Scope,
  runIds: readonly number[],
  { by, key }: Pick<ChartGrouping, 'by' | 'key'>,
): Promise<RunGroup[]> {
  if (by === 'config' && key === undefined)
    throw invalid('/group/key', 'Groups by config need a key. Name one, such as "lr" or "optimizer.lr".')
  const rows = await listGroupValues(ctx.db, scope, runIds, by === 'config' ? (key ?? null) : null)
  const sorted = rows.toSorted(by === 'config' ? byValue : by === 'experiment' ? byStage : () => 0)
  const groups = groupBy(sorted, (row) =>
    by === 'all' ? '' : by === 'experiment' ? row.experiment_id : `${row.is_there} ${valueWords(row)}`,
  )
  const stages = groupBy(sorted, (row) => row.experiment)
  const nameOf = (row: GroupValueRow): string => {
    if (by === 'all') return 'all runs'
    if (by === 'config') return `${key} ${valueWords(row)}`
    const namesakes = stages.get(row.experiment) ?? []
    if (namesakes.every((other) => other.experiment_id === row.experiment_id)) return row.experiment
    const isOneProject = namesakes.every((other) => other.project_id === row.project_id)
    return `${row.experiment} (${isOneProject ? '' : `${row.project} `}#${row.experiment_number})`
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members
    if (!first) return []
    return [
      {
        group: nameOf(first),
        runIds: members.toSorted((a, b) => a.project_id - b.project_id || a.number - b.number).map((row) => row.id),
      },
    ]
  })
}

const WORDS_MAX = 80
const MISSING = 'missing'

function valueWords({ is_there, value }: GroupValueRow): string {
  if (!is_there) return MISSING
  const words = typeof value === 'string' && value !== MISSING ? value : JSON.stringify(value)
  return words.length > WORDS_MAX ? `${words.slice(0, WORDS_MAX)}…` : words
}

const byStage = (a: GroupValueRow, b: GroupValueRow): number =>
  a.project_id - b.project_id || a.experiment_number - b.experiment_number

function byValue(a: GroupValueRow, b: GroupValueRow): number {
  if (a.is_there !== b.is_there) return a.is_there ? -1 : 1
  if (typeof a.value === 'number' && typeof b.value === 'number') return a.value - b.value
  const [x, y] = [valueWords(a), valueWords(b)]
  return x < y ? -1 : x > y ? 1 : 0
}
