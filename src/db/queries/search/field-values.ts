/** Values of fields beside runs called `r`, to sort by, to group by and to add up. */
import { type SQL, sql } from 'drizzle-orm'
import type { Orientation } from '../../../core/metrics/orientation.ts'
import { type Field, fieldText, fieldType, type MetricReading } from '../../../core/search/field.ts'
import type { ProjectScope, Scope } from '../../scope.ts'
import type { SearchBindings } from './bindings.ts'
import { unnested } from './unnested.ts'

/** The column of a metric's summary `l`; null: the direction is not known, so there is no best. */
export function metricColumn(reading: MetricReading, better: Orientation | null): SQL | null {
  switch (reading) {
    case 'last':
      return sql`l.value`
    case 'first':
      return sql`l.first_value`
    case 'min':
      return sql`l.vmin`
    case 'max':
      return sql`l.vmax`
    case 'count':
      return sql`l.n::float8`
    case 'best':
      return better === 'lower' ? sql`l.vmin` : better === 'higher' ? sql`l.vmax` : null
    default:
      return null
  }
}

/** When a run was made, in whole milliseconds since 1970. `extract` would reckon in decimals, five times as slowly. */
export const createdMs = (r: SQL): SQL => sql`floor(date_part('epoch', ${r}.created_at) * 1000)`

/** Seconds in attempts of each run that has begun one, the open one up to `now` (ms) while the run is alive: `run_id`, `seconds`. */
export const wallSeconds = (scope: Scope, now: number): SQL => {
  const mine = sql`a.workspace_id = ${scope.workspaceId}::int and a.started_at is not null`
  // Few runs have a second attempt: the rest need no adding up, which would take longer than all else.
  const hasMore = sql`(a.run_id in (select b.run_id from attempts b where b.workspace_id = ${scope.workspaceId}::int and b.number > 1)) is true`
  const ended = sql`greatest(0, date_part('epoch', a.ended_at - a.started_at))`
  const open = sql`case when w.state in ('running', 'lost') then greatest(0, date_part('epoch', to_timestamp(${now}::float8 / 1000) - a.started_at)) else 0 end`
  return sql`
    select a.run_id, ${ended} as seconds from attempts a where ${mine} and a.ended_at is not null and not ${hasMore}
    union all
    select s.run_id, sum(s.seconds) from (
      select a.run_id, ${ended} as seconds from attempts a where ${mine} and a.ended_at is not null and ${hasMore}
      union all
      select a.run_id, ${open} from attempts a join runs w on w.id = a.run_id where ${mine} and a.ended_at is null
    ) s group by s.run_id`
}

/** How a field is read beside `r`: what must be joined, and its value as a number and as a text; what it is not stays null. */
export interface FieldValue {
  join: SQL
  number: SQL | null
  text: SQL | null
  /** Of a config alone. */
  truth?: SQL
}

/** Columns `n…`, `t…` and `b…` of the place, and the order by them: numbers, then texts, then truths, then what is missing. */
export function valueColumns({ number, text, truth }: FieldValue, place: string): { columns: SQL[]; names: SQL[] } {
  const columns: SQL[] = []
  const names: SQL[] = []
  const add = (letter: string, value: SQL, collation = sql``) => {
    const name = sql.identifier(`${letter}${place}`)
    columns.push(sql`${value} as ${name}`)
    names.push(sql`${name}${collation}`)
  }
  if (number) add('n', sql`nullif(${number}, 'NaN')`)
  if (text) add('t', text, sql` collate "C"`)
  if (truth) add('b', truth)
  return { columns, names }
}

/** `place` makes the join's name its own. */
export function fieldValue(scope: ProjectScope, bindings: SearchBindings, field: Field, place: string): FieldValue {
  const name = sql.identifier(`f${place}`)
  const none: FieldValue = { join: sql``, number: null, text: null }
  switch (field.kind) {
    case 'plain':
      return plainValue(scope, bindings, field.name, name)
    case 'config': {
      const key = bindings.configKeys.get(field.key)
      if (key === undefined) return none
      return {
        join: sql`left join config_values ${name} on ${name}.project_id = ${scope.projectId}::int and ${name}.key_id = ${key}::int and ${name}.run_id = r.id`,
        number: sql`${name}.number`,
        text: sql`${name}.text`,
        truth: sql`${name}.truth`,
      }
    }
    case 'metric': {
      const metric = bindings.metrics.get(field.key)
      if (!metric) return none
      if (field.reading === 'checkpoint') return checkpointValue(scope, metric.id, name)
      const column = metricColumn(field.reading, metric.better)
      if (!column) return none
      return {
        join: sql`left join (select l.run_id, ${column} as value from metric_latest l
          where l.project_id = ${scope.projectId}::int and l.metric_id = ${metric.id}::int) ${name} on ${name}.run_id = r.id`,
        number: sql`${name}.value`,
        text: null,
      }
    }
    case 'eval':
      return reckonedValue(bindings, field, name)
  }
}

type Name = ReturnType<typeof sql.identifier>
const maker = sql.identifier('maker')

function plainValue(
  scope: ProjectScope,
  bindings: SearchBindings,
  field: Extract<Field, { kind: 'plain' }>['name'],
  name: Name,
): FieldValue {
  switch (field) {
    case 'name':
    case 'state':
      return { join: sql``, number: null, text: sql`r.${sql.identifier(field)}` }
    case 'number':
      return { join: sql``, number: sql`r.number::float8`, text: null }
    case 'tokens':
      return { join: sql``, number: sql`r.tokens::float8`, text: null }
    case 'created':
      return { join: sql``, number: createdMs(sql`r`), text: null }
    case 'tag':
      return { join: sql``, number: null, text: sql`nullif(array_to_string(r.tags, ', '), '')` }
    case 'group':
      return { join: sql``, number: null, text: sql`nullif(r.run_group, '')` }
    case 'stage':
      return {
        join: sql`join experiments ${name} on ${name}.id = r.experiment_id`,
        number: null,
        text: sql`${name}.name`,
      }
    case 'owner':
      return {
        join: sql`join experiments ${name} on ${name}.id = r.experiment_id
          left join (select 'key:' || k.id as maker, k.name from api_keys k where k.workspace_id = ${scope.workspaceId}::int
            union all select 'user:' || u.id, u.name from users u) ${maker} on ${maker}.maker = r.created_by`,
        number: null,
        text: sql`coalesce(${name}.owner, ${maker}.name)`,
      }
    case 'agent':
      return {
        join: sql`left join (select a.run_id, g.name from attempts a join agents g on g.id = a.agent_id
          where a.workspace_id = ${scope.workspaceId}::int
            and not exists (select from attempts b where b.run_id = a.run_id and b.number > a.number)) ${name} on ${name}.run_id = r.id`,
        number: null,
        text: sql`${name}.name`,
      }
    case 'duration':
      return {
        join: sql`left join (${wallSeconds(scope, bindings.now)}) ${name} on ${name}.run_id = r.id`,
        number: sql`${name}.seconds`,
        text: null,
      }
    case 'cost':
      return reckonedValue(bindings, { kind: 'plain', name: 'cost' }, name)
  }
}

/** At the run's last checkpoint, whether it has the metric or not. */
const checkpointValue = (scope: ProjectScope, metricId: number, name: Name): FieldValue => ({
  join: sql`left join (select distinct on (c.run_id) c.run_id, m.value
    from checkpoints c left join checkpoint_metrics m on m.checkpoint_id = c.id and m.metric_id = ${metricId}::int
    where c.workspace_id = ${scope.workspaceId}::int and c.project_id = ${scope.projectId}::int and c.run_id is not null and c.deleted_at is null
    order by c.run_id, c.attempt desc, c.step desc, c.id desc) ${name} on ${name}.run_id = r.id`,
  number: sql`${name}.value`,
  text: null,
})

function reckonedValue(bindings: SearchBindings, field: Field, name: Name): FieldValue {
  const found = bindings.reckoned.get(fieldText(field))
  if (!found || found.ids.length === 0) return { join: sql``, number: null, text: null }
  const id = found.of === 'run' ? sql`r.id` : sql`r.experiment_id`
  const isText = fieldType(field) === 'text'
  return {
    join: sql`left join ${unnested(found)} ${name}(id, value) on ${name}.id = ${id}`,
    number: isText ? null : sql`${name}.value`,
    text: isText ? sql`${name}.value` : null,
  }
}
