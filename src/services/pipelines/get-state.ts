import { jobEnded } from '../../core/agents/job-states.ts'
import { findPipeline } from '../../db/queries/pipelines/find-pipeline.ts'
import { listExperimentsOfPipeline } from '../../db/queries/pipelines/list-experiments-of-pipeline.ts'
import type { PipelineState } from '../../protocol/pipeline.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { jobViews } from '../jobs/job-views.ts'
import { getLineage } from '../lineage/get.ts'
import { addressesOf } from '../workspaces/addresses.ts'
import { openProject } from '../workspaces/open.ts'

/**
 * How far a pipeline is: its experiments with what they have so far, and its jobs. `ended` once every job has.
 *
 * @throws Refusal `not_found`, `forbidden` without `job:read`
 */
export async function getPipelineState(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; pipeline: string },
): Promise<PipelineState> {
  const { scope, project } = await openProject(ctx, input, 'job:read')
  const pipeline = await findPipeline(ctx.db, scope, input.pipeline)
  if (!pipeline) throw notFound('This pipeline')
  const rows = await listExperimentsOfPipeline(ctx.db, scope, pipeline.id)
  const [jobs, lineage, points, addresses] = await Promise.all([
    jobViews(ctx, scope, { pipelineId: pipeline.id, order: 'queue' }),
    getLineage(ctx, input),
    ctx.services.metrics.points(rows.flatMap((row) => row.runIds)),
    addressesOf(ctx, scope),
  ])
  const cards = new Map(lineage.cards.map((card) => [card.number, card]))
  return {
    id: pipeline.uid,
    name: pipeline.name,
    project: project.slug,
    url: addresses.project(project.slug),
    ended: jobs.every((job) => jobEnded(job.state)),
    experiments: rows.flatMap((row) => {
      const card = cards.get(row.number)
      if (!card) return []
      const { number, slug, name, stage_kind, state, tokens, wall_s } = card
      const { parent, runIds, checkpoints, evaluations } = row
      return [
        {
          number,
          slug,
          name,
          stage_kind,
          state,
          parent,
          runs: runIds.length,
          points: runIds.reduce((sum, id) => sum + (points.get(id) ?? 0), 0),
          checkpoints,
          evaluations,
          tokens,
          wall_s,
        },
      ]
    }),
    jobs,
  }
}
