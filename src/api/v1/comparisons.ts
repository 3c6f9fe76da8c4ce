import * as z from 'zod'
import {
  CompareStagesQuery,
  Comparison,
  ComparisonChange,
  ComparisonDraft,
  ComparisonInput,
  ComparisonSummary,
  DraftQuery,
  StageComparison,
} from '#src/protocol/comparisons.ts'
import { Slug, Uid } from '#src/protocol/words.ts'
import { compareStages } from '#src/services/comparisons/compare-stages.ts'
import { createComparison } from '#src/services/comparisons/create.ts'
import { deleteComparison } from '#src/services/comparisons/delete.ts'
import { draftComparison } from '#src/services/comparisons/draft.ts'
import { getComparison } from '#src/services/comparisons/get.ts'
import { listComparisons } from '#src/services/comparisons/list.ts'
import { updateComparison } from '#src/services/comparisons/update.ts'
import { defineRoute, type Route } from '../define-route.ts'

const One = z.object({ comparison: Uid })

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
  defineRoute({
    method: 'get',
    path: '/comparisons',
    summary: 'Comparisons of the workspace, the one changed last first',
    tag: 'Comparisons',
    permission: 'experiment:read',
    answers: { 200: { description: 'Without their numbers.', shape: z.object({ items: z.array(ComparisonSummary) }) } },
    handler: async (ctx) => ({ status: 200, body: await listComparisons(ctx, {}) }),
  }),
  defineRoute({
    method: 'post',
    path: '/comparisons',
    summary: 'Keep runs, checkpoints and stages side by side under a link, live or frozen; not for ingest keys',
    tag: 'Comparisons',
    permission: 'note:write',
    body: ComparisonInput,
    idempotent: true,
    answers: { 201: { description: 'The comparison under its id.', shape: Comparison } },
    handler: async (ctx, { body }) => ({ status: 201, body: await createComparison(ctx, body) }),
  }),
  defineRoute({
    method: 'get',
    path: '/comparisons/draft',
    summary: 'Runs, checkpoints and stages side by side, without keeping anything',
    tag: 'Comparisons',
    permission: 'experiment:read',
    query: DraftQuery,
    answers: { 200: { description: 'Entries side by side.', shape: ComparisonDraft } },
    handler: async (ctx, { query }) => ({ status: 200, body: await draftComparison(ctx, query) }),
  }),
  defineRoute({
    method: 'get',
    path: '/comparisons/{comparison}',
    summary: 'A comparison with its numbers: as they are now, or as they were when it was frozen',
    tag: 'Comparisons',
    permission: 'experiment:read',
    params: One,
    answers: { 200: { description: 'Entries that the key may not see are counted.', shape: Comparison } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getComparison(ctx, params) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/comparisons/{comparison}',
    summary:
      'Change title, entries or baseline, freeze it or make it live; conflict when somebody changed it meanwhile',
    tag: 'Comparisons',
    permission: 'note:write',
    params: One,
    body: ComparisonChange,
    answers: { 200: { description: 'The comparison as it is now.', shape: Comparison } },
    handler: async (ctx, { params, body }) => ({
      status: 200,
      body: await updateComparison(ctx, { ...body, ...params }),
    }),
  }),
  defineRoute({
    method: 'delete',
    path: '/comparisons/{comparison}',
    summary: 'Take a comparison away for good: its author, or an admin; what it held stays',
    tag: 'Comparisons',
    permission: 'note:write',
    params: One,
    answers: { 204: { description: 'It is gone.' } },
    handler: async (ctx, { params }) => {
      await deleteComparison(ctx, params)
      return { status: 204 }
    },
  }),
]
