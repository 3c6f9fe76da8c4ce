import * as z from 'zod'
import { DecisionInput, DecisionPage, DecisionQuery, DecisionView } from '#src/protocol/decisions.ts'
import { Slug } from '#src/protocol/words.ts'
import { getDecisionPage } from '#src/services/decisions/get-page.ts'
import { saveDecision } from '#src/services/decisions/save.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ExperimentParams = z.object({ project: Slug, experiment: z.string().min(1).max(64) })

export const decisionsRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/decision',
    summary: 'Was a stage worth it: gain, loss and cost against base, parent and sibling, and what was decided',
    tag: 'Decisions',
    permission: 'eval:read',
    params: ExperimentParams,
    query: DecisionQuery,
    answers: { 200: { description: 'The page; `decision` is null until somebody decides.', shape: DecisionPage } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getDecisionPage(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/experiments/{experiment}/decision',
    summary:
      'Write down what was decided and why; answered with conflict when somebody decided meanwhile; not for ingest keys',
    tag: 'Decisions',
    permission: 'note:write',
    params: ExperimentParams,
    body: DecisionInput,
    answers: { 201: { description: 'The decision under its revision.', shape: DecisionView } },
    handler: async (ctx, { params, body }) => ({ status: 201, body: await saveDecision(ctx, { ...body, ...params }) }),
  }),
]
