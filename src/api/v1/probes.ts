import * as z from 'zod'
import { StageProbes } from '#src/protocol/probes.ts'
import { Slug } from '#src/protocol/words.ts'
import { getStageProbes } from '#src/services/probes/stage-probes.ts'
import { defineRoute, type Route } from '../define-route.ts'

export const probesRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/probes',
    summary:
      'Two sides of one task, facets of a domain, recall of taught facts and instruction following, against where the stage started',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: z.object({ project: Slug, experiment: z.string().min(1).max(64) }),
    answers: { 200: { description: 'Each view; empty where nothing was logged for it.', shape: StageProbes } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getStageProbes(ctx, params) }),
  }),
]
