import * as z from 'zod'
import { Contamination, TrainingRowsAnswer, TrainingRowsInput } from '#src/protocol/contamination.ts'
import { Differences, DifferencesQuery } from '#src/protocol/differences.ts'
import { Evaluation, EvaluationInput, EvaluationTable, ItemInput, ItemsInput } from '#src/protocol/evaluations.ts'
import {
  Matrix,
  MatrixCellDetail,
  MatrixCellQuery,
  MatrixItems,
  MatrixItemsQuery,
  MatrixQuery,
} from '#src/protocol/matrix.ts'
import { SeedGroups } from '#src/protocol/seeds.ts'
import { PageQuery, page, Slug, Uid } from '#src/protocol/words.ts'
import { reportTrainingRows } from '#src/services/datasets/report-training-rows.ts'
import { addItems, completeEvaluation } from '#src/services/evaluations/add-items.ts'
import { getContamination } from '#src/services/evaluations/contamination.ts'
import { getDifferences } from '#src/services/evaluations/differences.ts'
import { getEvaluation, listEvaluationItems } from '#src/services/evaluations/get.ts'
import { listHistory } from '#src/services/evaluations/history.ts'
import { getMatrix } from '#src/services/evaluations/matrix/get.ts'
import { getMatrixCell } from '#src/services/evaluations/matrix/get-cell.ts'
import { listFlippedItems } from '#src/services/evaluations/matrix/list-flipped-items.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getSeedGroups } from '#src/services/evaluations/seeds.ts'
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
    path: '/evaluations/{evaluation}/history',
    summary: 'All that was measured like an evaluation, of every seed, superseded ones too; newest first',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: EvaluationParams,
    answers: { 200: { description: 'The history.', shape: z.object({ items: z.array(Evaluation) }) } },
    handler: async (ctx, { params }) => ({ status: 200, body: await listHistory(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/evaluations/{evaluation}/contamination',
    summary: 'Items of an evaluation that the training data of its checkpoint holds too, by hash',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: EvaluationParams,
    answers: { 200: { description: 'What was found, and what could not be compared.', shape: Contamination } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getContamination(ctx, params) }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/training-rows',
    summary: 'Report hashes of rows of training data, at most 10,000 rows; a row may be repeated',
    tag: 'Evaluations',
    permission: 'eval:write',
    params: z.object({ project: Slug }),
    body: TrainingRowsInput,
    bodyLimit: ITEMS_BYTES_MAX,
    idempotent: true,
    answers: { 201: { description: 'They are kept.', shape: TrainingRowsAnswer } },
    handler: async (ctx, { params, body }) => ({
      status: 201,
      body: await reportTrainingRows(ctx, { ...body, ...params }),
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
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/seeds',
    summary: 'Mean and spread over runs of a stage that differ only in their training seed, from three seeds on',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: z.object({ project: Slug, experiment: z.string().min(1).max(64) }),
    answers: { 200: { description: 'By configuration; none below three seeds.', shape: SeedGroups } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getSeedGroups(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/evaluations/matrix',
    summary:
      'Checkpoints against benchmarks: scores, and the change of each against parent, root, best ancestor or any checkpoint',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: z.object({ project: Slug }),
    query: MatrixQuery,
    answers: { 200: { description: 'A page of columns, each with its cells as parallel lists.', shape: Matrix } },
    handler: async (ctx, { params, query }) => ({ status: 200, body: await getMatrix(ctx, { ...query, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/evaluations/matrix/cell',
    summary: 'A cell of the matrix opened: both protocols, the paired test, the budget, flips and slices',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: z.object({ project: Slug }),
    query: MatrixCellQuery,
    answers: { 200: { description: 'The cell.', shape: MatrixCellDetail } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getMatrixCell(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/evaluations/differences',
    summary:
      'A checkpoint against a reference over all of its benchmarks: differences with their own intervals, adjusted',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: z.object({ project: Slug }),
    query: DifferencesQuery,
    answers: { 200: { description: 'Differences, and what cannot be compared.', shape: Differences } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getDifferences(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/evaluations/matrix/items',
    summary: 'Items whose verdict went one way between the two checkpoints of a cell, with the answers side by side',
    tag: 'Evaluations',
    permission: 'eval:read',
    params: z.object({ project: Slug }),
    query: MatrixItemsQuery,
    answers: { 200: { description: 'A page of items.', shape: MatrixItems } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await listFlippedItems(ctx, { ...query, ...params }),
    }),
  }),
]
