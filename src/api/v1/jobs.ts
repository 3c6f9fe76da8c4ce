import * as z from 'zod'
import { Job, JobFinish, JobHeartbeat, JobHeartbeatAnswer, JobRelease } from '#src/protocol/agents.ts'
import { PageQuery, page, Slug, Uid } from '#src/protocol/words.ts'
import { cancelJob } from '#src/services/jobs/cancel.ts'
import { finishJob } from '#src/services/jobs/finish.ts'
import { heartbeatJob } from '#src/services/jobs/heartbeat.ts'
import { listProjectJobs } from '#src/services/jobs/list.ts'
import { releaseJob } from '#src/services/jobs/release.ts'
import { defineRoute, type Route } from '../define-route.ts'

const tag = 'Jobs'
const JobParams = z.object({ job: Uid })

/** What the holder of a job reports, and what people do with jobs. */
export const jobsRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/jobs/{job}/heartbeat',
    summary: 'Renew the lease of a job; a stale fence is 409',
    tag,
    permission: 'agent:work',
    params: JobParams,
    body: JobHeartbeat,
    answers: { 200: { description: 'The lease, and what people want', shape: JobHeartbeatAnswer } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await heartbeatJob(ctx, { ...params, ...body }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/{job}/finish',
    summary: 'Report how the program of a job ended',
    tag,
    permission: 'agent:work',
    params: JobParams,
    body: JobFinish,
    answers: { 204: { description: 'Taken' } },
    handler: async (ctx, { params, body }) => {
      await finishJob(ctx, { ...params, ...body })
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/{job}/release',
    summary: 'Give a job back to its queue',
    tag,
    permission: 'agent:work',
    params: JobParams,
    body: JobRelease,
    answers: { 204: { description: 'Taken' } },
    handler: async (ctx, { params, body }) => {
      await releaseJob(ctx, { ...params, ...body })
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/{job}/cancel',
    summary: 'Cancel a job',
    tag,
    permission: 'job:cancel',
    params: JobParams,
    answers: { 200: { description: 'The job', shape: Job } },
    handler: async (ctx, { params }) => ({ status: 200, body: await cancelJob(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/jobs',
    summary: 'Jobs of a project, the newest first',
    tag,
    permission: 'job:read',
    params: z.object({ project: Slug }),
    query: PageQuery,
    answers: { 200: { description: 'A page of jobs', shape: page(Job) } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await listProjectJobs(ctx, { ...params, ...query }),
    }),
  }),
]
