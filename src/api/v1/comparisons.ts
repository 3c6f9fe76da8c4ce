import * as z from 'zod'
import { CompareStagesQuery, StageComparison } from '#src/protocol/comparisons.ts'
import { Slug } from '#src/protocol/words.ts'
import { compareStages } from '#src/services/comparisons/compare-stages.ts'
import { defineRoute, type Route } from '../define-route.ts'

export const comparisonsRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/compare-stages',
    summary: 'Two to five stages side by side: how, cost and why, against one of them',
    tag: 'Experiments',
    permission: 'experiment:read',
    params: z.object({ project: Slug }),
    query: CompareStagesQuery,
    answers: {
      200: { description: 'The comparison; without stages where the project has no fork.', shape: StageComparison },
    },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await compareStages(ctx, { ...query, ...params }),
    }),
  }),
]
