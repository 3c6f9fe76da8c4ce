import * as z from 'zod'
import { Evaluation, EvaluationInput, EvaluationTable, ItemInput, ItemsInput } from '#src/protocol/evaluations.ts'
import { PageQuery, page, Slug, Uid } from '#src/protocol/words.ts'
import { addItems, completeEvaluation } from '#src/services/evaluations/add-items.ts'
import { getEvaluation, listEvaluationItems } from '#src/services/evaluations/get.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getEvaluationTable } from '#src/services/evaluations/table.ts'
import { defineRoute, type Route } from '../define-route.ts'

const EvaluationParams = z.object({ evaluation: Uid })
/** A part of items with prompts and outputs. */
const ITEMS_BYTES_MAX = 8 * 1024 * 1024

export const evaluationsRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/checkpoints/{checkpoint}/evaluations',
    summary: 'Put an evaluation on a checkpoint, with items, a first part of them, or none',
    tag: 'Evaluations',
    permission: 'eval:write',
    params: z.object({ checkpoint: Uid }),
    body: EvaluationInput,
    bodyLimit: ITEMS_BYTES_MAX,
    idempotent: true,
    answers: { 201: { description: 'status says whether items are still to come.', shape: Evaluation } },
    handler: async (ctx, { params, body }) => ({
      status: 201,
      body: await postEvaluation(ctx, { ...body, ...params }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/evaluations/{evaluation}/items',
    summary: 'Add a part of items, at most 10,000; a part may be repeated',
    tag: 'Evaluations',
    permission: 'eval:write',
    params: EvaluationParams,
    body: ItemsInput,
    bodyLimit: ITEMS_BYTES_MAX,
    answers: { 200: { description: 'The part is there.', shape: Evaluation } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await addItems(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/evaluations/{evaluation}/complete',
    summary: 'Complete an evaluation; n and score must be those of its items',
    tag: 'Evaluations',
    permission: 'eval:write',
    params: EvaluationParams,
    answers: { 200: { description: 'It counts.', shape: Evaluation } },
    handler: async (ctx, { params }) => ({ status: 200, body: await completeEvaluation(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/evaluations/{evaluation}',
    summary: 'An evaluation with its interval',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: EvaluationParams,
    answers: { 200: { description: 'The evaluation.', shape: Evaluation } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getEvaluation(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/evaluations/{evaluation}/items',
    summary: 'Items of an evaluation in their order',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: EvaluationParams,
    query: PageQuery,
    answers: { 200: { description: 'A page of items.', shape: page(ItemInput) } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await listEvaluationItems(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/evaluations',
    summary: 'Evaluations of a project: a row per checkpoint, a column per benchmark',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: z.object({ project: Slug }),
    answers: { 200: { description: 'The table.', shape: EvaluationTable } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getEvaluationTable(ctx, params) }),
  }),
]
