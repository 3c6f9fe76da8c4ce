import * as z from 'zod'
import { PinAnswer, PinInput } from '#src/protocol/checkpoints.ts'
import {
  Edge,
  EdgeChange,
  EdgeInput,
  Experiment,
  ExperimentChange,
  ExperimentInput,
  ExperimentsQuery,
} from '#src/protocol/experiments.ts'
import { Lineage } from '#src/protocol/lineage.ts'
import { page, Slug } from '#src/protocol/words.ts'
import { pinStageCheckpoint } from '#src/services/checkpoints/pin.ts'
import { getExperiment, listExperiments } from '#src/services/experiments/get.ts'
import { putExperiment } from '#src/services/experiments/put.ts'
import { updateExperiment } from '#src/services/experiments/update.ts'
import { changeEdge, removeEdge } from '#src/services/lineage/change-edge.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { linkExperiments } from '#src/services/lineage/link.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ProjectParams = z.object({ project: Slug })
const EdgeParams = z.object({
  project: Slug,
  edge: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).meta({ type: 'integer' }),
})
const ExperimentParams = z.object({ project: Slug, experiment: z.string().min(1).max(64) })

export const experimentsRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path: '/projects/{project}/experiments/{slug}',
    summary: 'Make an experiment with root, parents, mixture and benchmarks; an ingest key never changes one',
    tag: 'Experiments',
    permission: 'experiment:write',
    params: z.object({ project: Slug, slug: Slug }),
    body: ExperimentInput,
    answers: {
      200: { description: 'It was there.', shape: Experiment },
      201: { description: 'It was made.', shape: Experiment },
    },
    handler: async (ctx, { params, body }) => {
      const { created, experiment } = await putExperiment(ctx, { ...body, ...params })
      return { status: created ? 201 : 200, body: experiment }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments',
    summary: 'Experiments of a project by number, all or those of a goal or a stage kind',
    tag: 'Experiments',
    permission: 'experiment:read',
    params: ProjectParams,
    query: ExperimentsQuery,
    answers: { 200: { description: 'A page of experiments.', shape: page(Experiment) } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await listExperiments(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}',
    summary: 'An experiment by number or slug',
    tag: 'Experiments',
    permission: 'experiment:read',
    params: ExperimentParams,
    answers: { 200: { description: 'The experiment.', shape: Experiment } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getExperiment(ctx, params) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/projects/{project}/experiments/{experiment}',
    summary: 'Rename an experiment; its old slug goes on leading to it. Not for ingest keys',
    tag: 'Experiments',
    permission: 'experiment:write',
    params: ExperimentParams,
    body: ExperimentChange,
    answers: { 200: { description: 'The experiment as it is now.', shape: Experiment } },
    handler: async (ctx, { params, body }) => ({
      status: 200,
      body: await updateExperiment(ctx, { ...body, ...params }),
    }),
  }),
  defineRoute({
    method: 'put',
    path: '/projects/{project}/experiments/{experiment}/checkpoint',
    summary: 'Pin the checkpoint of a stage, or null to leave the choice to the rule; not for ingest keys',
    tag: 'Experiments',
    permission: 'experiment:write',
    params: ExperimentParams,
    body: PinInput,
    answers: { 200: { description: 'What is pinned, and the checkpoint of the stage now.', shape: PinAnswer } },
    handler: async (ctx, { params, body }) => ({
      status: 200,
      body: await pinStageCheckpoint(ctx, { ...body, ...params }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/edges',
    summary: 'Link a child to a parent; a cycle is refused, naming the way',
    tag: 'Experiments',
    permission: 'lineage:link',
    params: ProjectParams,
    body: EdgeInput,
    idempotent: true,
    answers: {
      200: { description: 'It was there.', shape: Edge },
      201: { description: 'It was made.', shape: Edge },
    },
    handler: async (ctx, { params, body }) => {
      const { created, edge } = await linkExperiments(ctx, { ...body, ...params })
      return { status: created ? 201 : 200, body: edge }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/projects/{project}/edges/{edge}',
    summary: 'Correct an edge: kind, parent, checkpoint, weight, note; it is inferred no longer. Not for ingest keys',
    tag: 'Experiments',
    permission: 'lineage:link',
    params: EdgeParams,
    body: EdgeChange,
    answers: { 200: { description: 'The edge as it is now, under an id of its own.', shape: Edge } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await changeEdge(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/projects/{project}/edges/{edge}',
    summary: 'Take an edge away: the child does not come from this parent. Not for ingest keys',
    tag: 'Experiments',
    permission: 'lineage:link',
    params: EdgeParams,
    answers: { 204: { description: 'It is gone from the lineage.' } },
    handler: async (ctx, { params }) => {
      await removeEdge(ctx, params)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/lineage',
    summary: 'The lineage: a card per stage with state, consumption and changes, the edges between them, totals',
    tag: 'Experiments',
    permission: 'experiment:read',
    params: ProjectParams,
    answers: { 200: { description: 'What the lineage screen shows.', shape: Lineage } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getLineage(ctx, params) }),
  }),
]
