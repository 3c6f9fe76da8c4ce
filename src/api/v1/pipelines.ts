import * as z from 'zod'
import { Pipeline, PipelineState } from '../../protocol/pipeline.ts'
import { Slug, Uid } from '../../protocol/words.ts'
import { getPipelineState } from '../../services/pipelines/get-state.ts'
import { launchPipeline } from '../../services/pipelines/launch.ts'
import { defineRoute, type Route } from '../define-route.ts'

const tag = 'Pipelines'

/** Launching a pipeline file, and how far it is. */
export const pipelinesRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/projects/{project}/pipelines',
    summary: 'Plan the experiments of a pipeline and queue its jobs; the project is made when it does not exist',
    tag,
    permission: 'job:enqueue',
    params: z.object({ project: Slug }),
    query: z.object({ quick: z.enum(['true', 'false']).default('false') }),
    body: Pipeline,
    idempotent: true,
    answers: { 201: { description: 'The pipeline with its jobs', shape: PipelineState } },
    handler: async (ctx, { params, query, body }) => ({
      status: 201,
      body: await launchPipeline(ctx, { project: params.project, pipeline: body, quick: query.quick === 'true' }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/pipelines/{pipeline}',
    summary: 'How far a pipeline is',
    tag,
    permission: 'job:read',
    params: z.object({ project: Slug, pipeline: Uid }),
    answers: { 200: { description: 'Its experiments and jobs', shape: PipelineState } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getPipelineState(ctx, params) }),
  }),
]
