import * as z from 'zod'
import { BestCheckpoint, BestCheckpointQuery } from '#src/protocol/best-checkpoint.ts'
import { Capability, CapabilityQuery } from '#src/protocol/capability.ts'
import {
  BestAncestorView,
  GateOverrideInput,
  LineageForgetting,
  OpenGate,
  StageBudgetInput,
  StageVerdict,
} from '#src/protocol/forgetting.ts'
import { Mitigated } from '#src/protocol/mitigations.ts'
import { TargetQuery, TargetReached } from '#src/protocol/target-reached.ts'
import { Triangle } from '#src/protocol/triangle.ts'
import { Slug } from '#src/protocol/words.ts'
import { getBestAncestor } from '#src/services/forgetting/best-ancestor.ts'
import { getBestCheckpoint } from '#src/services/forgetting/best-checkpoint.ts'
import { getMitigated } from '#src/services/forgetting/by-mitigation.ts'
import { checkGate } from '#src/services/forgetting/check-gate.ts'
import { getLineageForgetting } from '#src/services/forgetting/lineage.ts'
import { overrideGate } from '#src/services/forgetting/override-gate.ts'
import { setStageBudget } from '#src/services/forgetting/set-budget.ts'
import { getTriangle } from '#src/services/forgetting/triangle.ts'
import { getStageVerdict } from '#src/services/forgetting/verdict.ts'
import { getCapability } from '#src/services/lineage/capability.ts'
import { getTargetReached } from '#src/services/lineage/target-reached.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ExperimentParams = z.object({ project: Slug, experiment: z.string().min(1).max(64) })

export const forgettingRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/mitigations',
    summary: 'What stages did against forgetting, with what each gained and kept as it was measured',
    tag: 'Forgetting',
    permission: 'eval:read',
    params: z.object({ project: Slug }),
    answers: { 200: { description: 'Every stage that starts from another.', shape: Mitigated } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getMitigated(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/forgetting',
    summary: 'What a stage gained, kept and lost against its parent and its root, with the verdict of its budget',
    tag: 'Forgetting',
    permission: 'eval:read',
    params: ExperimentParams,
    answers: { 200: { description: 'The verdict; `stops` says whether the gate is closed.', shape: StageVerdict } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getStageVerdict(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/lineage-forgetting',
    summary: 'What is left of every target from the root to this stage: ACC, LA, BWT, F, FWT with their conventions',
    tag: 'Forgetting',
    permission: 'eval:read',
    params: ExperimentParams,
    answers: { 200: { description: 'The measures of the path.', shape: LineageForgetting } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getLineageForgetting(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/triangle',
    summary: 'The models of a path on the targets of its stages, with BWT, F, ACC and LA under every convention',
    tag: 'Forgetting',
    permission: 'eval:read',
    params: ExperimentParams,
    answers: { 200: { description: 'What is missing comes with its reason.', shape: Triangle } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getTriangle(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/best-ancestor/{benchmark}',
    summary: 'What a stage lost of a benchmark against its best ancestor: joint bootstrap, and the honest figure',
    tag: 'Forgetting',
    permission: 'eval:read',
    params: ExperimentParams.extend({ benchmark: Slug }),
    answers: { 200: { description: 'Null figures come with their reason.', shape: BestAncestorView } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getBestAncestor(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/best-checkpoint',
    summary:
      'The checkpoint with the highest target within the retention budget, and why each other one was not chosen',
    tag: 'Forgetting',
    permission: 'eval:read',
    params: ExperimentParams,
    query: BestCheckpointQuery,
    answers: { 200: { description: 'Nothing is pinned by it; `best` is null with a reason.', shape: BestCheckpoint } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getBestCheckpoint(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/capability',
    summary: 'Scores of all measured checkpoints along one path of weights, on axes that go on from stage to stage',
    tag: 'Forgetting',
    permission: 'eval:read',
    params: z.object({ project: Slug }),
    query: CapabilityQuery,
    answers: { 200: { description: 'The path, the root first; what is not known is null.', shape: Capability } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getCapability(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/tokens-to-target',
    summary: 'After how many tokens each stage reached a score of a benchmark, and its tokens per second beside it',
    tag: 'Forgetting',
    permission: 'eval:read',
    params: z.object({ project: Slug }),
    query: TargetQuery,
    answers: { 200: { description: 'A row a stage that has begun.', shape: TargetReached } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getTargetReached(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/experiments/{experiment}/gate',
    summary: 'Ask before something is made of a stage: answered with conflict while its gate is closed',
    tag: 'Forgetting',
    permission: 'eval:read',
    params: ExperimentParams,
    answers: { 200: { description: 'The gate is open.', shape: OpenGate } },
    handler: async (ctx, { params }) => ({ status: 200, body: await checkGate(ctx, params) }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/experiments/{experiment}/gate/override',
    summary: 'Let the checkpoint of a stage pass its shut gate, with the reason; not for ingest keys',
    tag: 'Forgetting',
    permission: 'experiment:write',
    params: ExperimentParams,
    body: GateOverrideInput,
    answers: { 200: { description: 'The verdict; what the gate held up may start.', shape: StageVerdict } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await overrideGate(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/projects/{project}/experiments/{experiment}/budget',
    summary: 'Set what a stage may lose, per benchmark and on the mean, and its gate; not for ingest keys',
    tag: 'Forgetting',
    permission: 'experiment:write',
    params: ExperimentParams,
    body: StageBudgetInput,
    answers: { 200: { description: 'The verdict under the new budget.', shape: StageVerdict } },
    handler: async (ctx, { params, body }) => ({
      status: 200,
      body: await setStageBudget(ctx, { ...body, ...params }),
    }),
  }),
]
