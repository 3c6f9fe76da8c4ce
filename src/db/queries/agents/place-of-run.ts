import { and, eq } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { experiments } from '#src/db/schema/experiments.ts'
import { projects } from '#src/db/schema/projects.ts'
import { runs } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'

/** What an agent is told about the place of a job: project, experiment and run by their outside names. */
export async function placeOfRun(
  db: Handle,
  scope: Scope,
  runId: number,
): Promise<{ project: string; number: number; slug: string; name: string; runUid: string } | null> {
  const [row] = await db
    .select({
      project: projects.slug,
      number: experiments.number,
      slug: experiments.slug,
      name: experiments.name,
      runUid: runs.uid,
    })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experimentId))
    .innerJoin(projects, eq(projects.id, runs.projectId))
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.id, runId)))
  return row ?? null
}
