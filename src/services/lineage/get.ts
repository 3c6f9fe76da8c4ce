import { countExperimentsAfter } from '#src/db/queries/experiments/count-experiments.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Lineage } from '#src/protocol/lineage.ts'
import type { Context } from '#src/services/context.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { cardMaker } from './card.ts'
import { viewEdge } from './edges.ts'
import { gatherGraph, type ProjectGraph, STAGES_MAX } from './gather.ts'

/**
 * The lineage of a project: a card per stage, up to `STAGES_MAX` by number, the edges between them and to other projects, and totals.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getLineage(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
): Promise<Lineage> {
  const { scope, project } = await openProject(ctx, input, 'experiment:read')
  const graph = await gatherGraph(ctx, scope)
  const cards = graph.experiments.map(cardMaker(ctx, project.slug, graph))
  const stages = cards.filter((card) => !card.is_unstaged)
  const sum = (pick: (card: (typeof cards)[number]) => number | null) =>
    cards.reduce((total, card) => total + (pick(card) ?? 0), 0)
  return {
    project: {
      slug: project.slug,
      name: project.name,
      description: project.description,
      recorded: project.recorded,
    },
    cards,
    edges: graph.edges.map(viewEdge),
    totals: {
      stages: stages.length,
      left_out: await countLeftOut(ctx, scope, graph),
      planned: stages.filter((card) => card.state === 'planned' || card.state === 'waiting').length,
      running: stages.filter((card) => card.state === 'running').length,
      over_budget: stages.filter((card) => card.budget === 'fail').length,
      wall_s: sum((card) => card.wall_s),
      device_hours: sum((card) => card.device_hours),
      tokens: sum((card) => card.tokens),
    },
    last_write_at: graph.lastWriteMs === null ? null : new Date(graph.lastWriteMs).toISOString(),
  }
}

/** Stages beyond those of the graph; asked only where it is full. */
async function countLeftOut(ctx: Context, scope: ProjectScope, { experiments }: ProjectGraph): Promise<number> {
  const last = experiments.at(-1)
  return last === undefined || experiments.length < STAGES_MAX
    ? 0
    : await countExperimentsAfter(ctx.db, scope, last.number)
}
