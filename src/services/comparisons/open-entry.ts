import { type EntryName, entryText, readEntry } from '#src/core/comparisons/entries.ts'
import type { PlacedEntry } from '#src/db/queries/comparisons/list-entries.ts'
import { findExperiment } from '#src/db/queries/experiments/find-experiment.ts'
import { findRunById } from '#src/db/queries/runs/find-run.ts'
import type { ProjectScope, Scope } from '#src/db/scope.ts'
import { authorize, permissionsIn } from '#src/services/authorize.ts'
import { openCheckpoint } from '#src/services/checkpoints/open.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, invariant, Refusal } from '#src/services/errors.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { openRun } from '#src/services/runs/open.ts'
import { projectOf, reachProject } from '#src/services/workspaces/open.ts'

/** An entry with the place where it is, once it is proven that the actor may see it. */
export type Entry = PlacedEntry

/**
 * Finds what entries name, each once, in their order; all must be of one workspace.
 *
 * @param pointer of the list in the body, for refusals
 * @throws Refusal `invalid_request` for a name that cannot be read, that names nothing the actor may see, or that comes twice
 */
export async function openEntries(
  ctx: Context,
  scope: Scope,
  input: { workspace?: string | undefined; entries: readonly string[] },
): Promise<Entry[]> {
  const opened = await Promise.all(input.entries.map((text, i) => openEntry(ctx, scope, input.workspace, text, i)))
  const keys = opened.map(targetOf)
  const twice = keys.findIndex((key, i) => keys.indexOf(key) !== i)
  if (twice >= 0)
    throw invalid(`/entries/${twice}`, `"${input.entries[twice]}" stands in the list twice. Name each entry once.`)
  return opened
}

/** Names an entry inside, whatever it is called and wherever it is moved. */
export const targetOf = (entry: Pick<Entry, 'kind' | 'target_id'>): string => `${entry.kind} ${entry.target_id}`

/** An entry by the name that links and programs use. */
export const nameOf = (entry: Entry): string =>
  entry.kind === 'stage'
    ? entryText({ kind: 'stage', project: entry.project, stage: String(entry.experiment_number) })
    : entryText({ kind: entry.kind, uid: entry.uid ?? '' })

/** True when the actor may see what stands there. */
export function maySee(ctx: Context, scope: Scope, entry: Pick<Entry, 'kind' | 'project_id'>): boolean {
  const home = reachProject(ctx, { workspaceId: scope.workspaceId, id: entry.project_id })
  return home !== null && (permissionsIn(ctx.actor, home) ?? []).includes(PERMISSION[entry.kind])
}

const PERMISSION = { run: 'run:read', checkpoint: 'checkpoint:read', stage: 'experiment:read' } as const

/** The scope in which entries are read: that of the first one's project. */
export function scopeOf(ctx: Context, scope: Scope, [first]: readonly Entry[]): ProjectScope {
  const home = first && reachProject(ctx, { workspaceId: scope.workspaceId, id: first.project_id })
  invariant(home, 'entries that are read were shown to be visible')
  return home
}

async function openEntry(
  ctx: Context,
  scope: Scope,
  workspace: string | undefined,
  text: string,
  at: number,
): Promise<Entry> {
  const name = readEntry(text)
  const pointer = `/entries/${at}`
  if (!name) throw invalid(pointer, `"${text}" is none of run:ID, checkpoint:ID and stage:PROJECT:NUMBER.`)
  try {
    return await place(ctx, scope, workspace, name)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') throw invalid(pointer, `${text}: ${error.message}`)
    throw error
  }
}

async function place(ctx: Context, scope: Scope, workspace: string | undefined, name: EntryName): Promise<Entry> {
  if (name.kind === 'stage') {
    const input = { workspace, project: name.project, experiment: name.stage }
    const { experiment, project } = await openExperiment(ctx, input, 'experiment:read')
    return {
      ...{ kind: 'stage', target_id: experiment.id, uid: null, is_baseline: false, step: null },
      ...{ project_id: project.id, project: project.slug, experiment_id: experiment.id },
      ...{ experiment_number: experiment.number, experiment_name: experiment.name },
      ...{ run_id: null, run_number: null, run_name: null },
    }
  }
  if (name.kind === 'run') {
    const { scope: home, run } = await openRun(ctx, name.uid, 'run:read')
    ofThisWorkspace(scope, home)
    authorize(ctx.actor, 'run:read', home)
    return {
      ...{ kind: 'run', target_id: run.id, uid: run.uid, is_baseline: false, step: null },
      ...(await stageOf(ctx, home, run.experimentId)),
      ...{ run_id: run.id, run_number: run.number, run_name: run.name },
    }
  }
  const { scope: home, checkpoint } = await openCheckpoint(ctx, name.uid, 'checkpoint:read')
  ofThisWorkspace(scope, home)
  const run = checkpoint.runId === null ? null : await findRunById(ctx.db, home, checkpoint.runId)
  return {
    ...{ kind: 'checkpoint', target_id: checkpoint.id, uid: checkpoint.uid, is_baseline: false },
    ...(await stageOf(ctx, home, checkpoint.experimentId)),
    ...{ step: checkpoint.step, run_id: run?.id ?? null, run_number: run?.number ?? null, run_name: run?.name ?? null },
  }
}

function ofThisWorkspace(scope: Scope, home: Scope): void {
  if (home.workspaceId !== scope.workspaceId)
    throw new Refusal('not_found', 'It belongs to another workspace; a comparison stays within one.')
}

async function stageOf(ctx: Context, scope: ProjectScope, experimentId: number) {
  const [experiment, project] = await Promise.all([
    findExperiment(ctx.db, scope, { id: experimentId }),
    projectOf(ctx, scope),
  ])
  invariant(experiment, 'a run and a checkpoint have an experiment')
  return {
    ...{ project_id: project.id, project: project.slug, experiment_id: experiment.id },
    ...{ experiment_number: experiment.number, experiment_name: experiment.name },
  }
}
