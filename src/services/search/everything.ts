import { type Field, fieldText } from '#src/core/search/field.ts'
import { boundSearch } from '#src/db/queries/search/bound-search.ts'
import type { Sought } from '#src/db/queries/search/everything.ts'
import { findCheckpointsNamed } from '#src/db/queries/search/everything-checkpoints.ts'
import { type FoundKey, findKeysNamed } from '#src/db/queries/search/everything-keys.ts'
import { findProjectsNamed } from '#src/db/queries/search/everything-projects.ts'
import { type FoundRun, findRunsNamed } from '#src/db/queries/search/everything-runs.ts'
import { findStagesNamed } from '#src/db/queries/search/everything-stages.ts'
import type { Everything, FoundGroup } from '#src/protocol/found.ts'
import type { Context } from '#src/services/context.ts'
import { openProject, openWorkspace } from '#src/services/workspaces/open.ts'
import { inSearchTime } from './in-search-time.ts'

const WORDS_MAX = 8
const RUN_NUMBER_MAX = 2 ** 31 - 1

/**
 * Projects, stages, runs, checkpoints and keys by name, in one project or in all of the workspace; runs also by number (`#8` finds only
 * that), by a tag or a value of their config that is exactly the text, checkpoints also by the beginning of their hash or id. At most
 * `limit` of each group, and how many there are. Deleted and archived ones are left out. Nothing typed finds nothing.
 *
 * @throws Refusal `not_found`, `forbidden`, `too_slow`
 */
export async function findEverything(
  ctx: Context,
  input: { workspace: string; project?: string | undefined; text: string; limit: number },
): Promise<Everything> {
  const place =
    input.project === undefined
      ? { ...(await openWorkspace(ctx, input, 'run:read')), projectId: null }
      : await openProject(ctx, { ...input, project: input.project }, 'run:read').then((opened) => ({
          ...opened,
          projectId: opened.scope.projectId,
        }))
  const byNumber = /^#(\d+)$/.exec(input.text.trim())
  const exact = (byNumber?.[1] ?? input.text).trim()
  const text = exact.toLowerCase()
  if (text === '') return NOTHING
  const words = text.split(/\s+/).slice(0, WORDS_MAX)
  const sought: Sought = { words, text, exact, projectId: place.projectId, limit: input.limit }
  const number = /^[+-]?[\d.]+(?:e[+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : null
  const isRunNumber = number !== null && Number.isInteger(number) && number > 0 && number <= RUN_NUMBER_MAX
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  const runs = await inSearchTime(() =>
    boundSearch(ctx.db, (db) => findRunsNamed(db, place.scope, { ...sought, number, isRunNumber })),
  )
  if (byNumber) {
    const numbered = runs.filter((run) => String(run.number) === text)
    return { ...NOTHING, ms: took(), runs: { items: numbered.map(viewRun), found: numbered.length } }
  }
  const [projects, stages, checkpoints, keys] = await inSearchTime(() =>
    boundSearch(
      ctx.db,
      async (db) =>
        [
          place.projectId === null ? await findProjectsNamed(db, place.scope, sought) : [],
          await findStagesNamed(db, place.scope, sought),
          await findCheckpointsNamed(db, place.scope, sought),
          await findKeysNamed(db, place.scope, sought),
        ] as const,
    ),
  )
  return {
    ms: took(),
    projects: group(projects, ({ slug, name, runs: count }) => ({ slug, name, runs: count })),
    stages: group(stages, ({ found: _, ...stage }) => stage),
    runs: group(runs, viewRun),
    checkpoints: group(checkpoints, (row) => ({
      project: row.project,
      id: row.uid,
      step: Number(row.step),
      tokens: row.tokens === null ? null : Number(row.tokens),
      size_bytes: Number(row.size_bytes),
      sha256: row.sha256,
      run: row.run_number === null ? null : { number: row.run_number, name: row.run ?? '' },
      stage: { number: row.stage_number, name: row.stage },
      by_hash: row.by_hash,
    })),
    keys: group(keys, (row) => ({ field: fieldText(fieldOf(row)), kind: row.kind, key: row.key, name: row.name })),
  }
}

const NONE = { items: [], found: 0 }
const NOTHING: Everything = { ms: 0, projects: NONE, stages: NONE, runs: NONE, checkpoints: NONE, keys: NONE }

function group<Row extends { found: number }, Item>(rows: readonly Row[], view: (row: Row) => Item): FoundGroup<Item> {
  return { items: rows.map(view), found: rows[0]?.found ?? 0 }
}

function viewRun(row: FoundRun): Everything['runs']['items'][number] {
  const because =
    row.tag !== null
      ? `tag = ${row.tag}`
      : row.config_key === null
        ? null
        : `${fieldText({ kind: 'config', key: row.config_key })} = ${row.config_value}`
  return {
    project: row.project,
    id: row.uid,
    number: row.number,
    name: row.name,
    state: row.state,
    stage: row.is_unstaged ? null : { name: row.stage, stage_kind: row.stage_kind },
    because,
  }
}

function fieldOf({ kind, key }: FoundKey): Field {
  if (kind === 'config') return { kind: 'config', key }
  return kind === 'metric'
    ? { kind: 'metric', key, reading: 'last' }
    : { kind: 'eval', benchmark: key, reading: 'score' }
}
