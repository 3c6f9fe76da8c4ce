import { notePlace } from '#src/core/notes/places.ts'
import type { Permission } from '#src/core/roles/permissions.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { NoteAbout } from '#src/protocol/notes.ts'
import type { Context } from '#src/services/context.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { openRunByNumber } from '#src/services/runs/open.ts'
import { openProject } from '#src/services/workspaces/open.ts'

export interface OpenNote {
  scope: ProjectScope
  place: string
  runId: number | null
  experimentId: number | null
}

/**
 * The place of a note, once `permission` is shown and its run or experiment was found. Charts and cells are taken as they are named:
 * a note outlives a chart that is taken off a page for a while.
 *
 * @throws Refusal `not_found`, `run_deleted`, `forbidden`
 */
export async function openNote(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; about: NoteAbout },
  permission: Permission,
): Promise<OpenNote> {
  const { about, ...place } = input
  switch (about.subject) {
    case 'run': {
      const { scope, run } = await openRunByNumber(ctx, { ...place, run: about.run }, permission)
      return { scope, place: notePlace('run', run.id), runId: run.id, experimentId: null }
    }
    case 'experiment': {
      const { scope, experiment } = await openExperiment(ctx, { ...place, experiment: about.experiment }, permission)
      return { scope, place: notePlace('experiment', experiment.id), runId: null, experimentId: experiment.id }
    }
    default: {
      const { scope } = await openProject(ctx, place, permission)
      return { scope, place: notePlace(about.subject, about.name), runId: null, experimentId: null }
    }
  }
}
