import * as z from 'zod'
import { GRACE_DAYS } from '#src/core/runs/retention.ts'
import { BulkAnswer, BulkInput } from '#src/protocol/bulk-runs.ts'
import {
  AttemptInput,
  AttemptStarted,
  Run,
  RunChange,
  RunDetail,
  RunFinish,
  RunHeartbeat,
  RunHeartbeatAnswer,
  RunInput,
  RunInputsInput,
  RunMove,
} from '#src/protocol/runs.ts'
import { RunsFileQuery, RunsQuery, SearchedRuns } from '#src/protocol/runs-table.ts'
import { DeletedRun } from '#src/protocol/storage.ts'
import { Slug, Uid } from '#src/protocol/words.ts'
import { changeRuns } from '#src/services/runs/bulk.ts'
import { deleteRun, requestPurge, restoreRun } from '#src/services/runs/delete.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { getRun } from '#src/services/runs/get.ts'
import { heartbeatRun } from '#src/services/runs/heartbeat.ts'
import { listDeletedRuns } from '#src/services/runs/list-deleted.ts'
import { moveRun } from '#src/services/runs/move.ts'
import { putRun } from '#src/services/runs/put.ts'
import { searchRuns } from '#src/services/runs/search.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import { stopRun } from '#src/services/runs/stop.ts'
import { exportRunsTable } from '#src/services/runs/table-file.ts'
import { updateRun } from '#src/services/runs/update.ts'
import { useInputs } from '#src/services/runs/use.ts'
import { defineRoute, type Route } from '../define-route.ts'
import { sendRunsFile } from '../send-runs-file.ts'

const RunParams = z.object({ run: Uid })
/** Ten thousand uids with room. */
const BULK_BODY_BYTES_MAX = 1024 * 1024
/** Configuration and environment with a working tree's diff. */
const RUN_BODY_BYTES_MAX = 4 * 1024 * 1024

export const runsRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path: '/projects/{project}/runs/{run}',
    summary: 'Make a run under an id of your own (UUID, version 7 preferred); without experiment it is unstaged',
    tag: 'Runs',
    permission: 'run:write',
    params: z.object({ project: Slug, run: Uid }),
    body: RunInput,
    bodyLimit: RUN_BODY_BYTES_MAX,
    answers: {
      200: { description: 'It was there.', shape: Run },
      201: { description: 'It was made.', shape: Run },
    },
    handler: async (ctx, { params, body }) => {
      const { created, run } = await putRun(ctx, { ...body, ...params })
      return { status: created ? 201 : 200, body: run }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/runs',
    summary: 'Runs of a project by a search, in an order, with values of columns; the newest first without',
    tag: 'Runs',
    permission: 'run:read',
    params: z.object({ project: Slug }),
    query: RunsQuery,
    answers: { 200: { description: 'A page of runs.', shape: SearchedRuns } },
    handler: async (ctx, { params, query }) => ({ status: 200, body: await searchRuns(ctx, { ...query, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/export/runs',
    summary: 'Every run that matches a search as CSV, with chosen columns',
    tag: 'Runs',
    permission: 'run:read',
    params: z.object({ project: Slug }),
    query: RunsFileQuery,
    answers: { 200: { description: 'A file: number, name and uid, then the columns.' } },
    handler: async (ctx, { params, query }) => sendRunsFile(ctx, await exportRunsTable(ctx, { ...query, ...params })),
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}',
    summary: 'A run; an ingest key and a job token see their own',
    tag: 'Runs',
    permission: 'run:read',
    params: RunParams,
    answers: {
      200: {
        description: 'Everything that its page shows for those who may read runs; the plain run for who wrote it.',
        shape: z.union([RunDetail, Run]),
      },
    },
    handler: async (ctx, { params }) => ({ status: 200, body: await getRun(ctx, params) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/runs/{run}',
    summary:
      'Change the name, the tags, the group and the star of a run, or archive it; an ingest key those of its own',
    tag: 'Runs',
    permission: 'run:write',
    params: RunParams,
    body: RunChange,
    answers: { 200: { description: 'The run as it is now.', shape: Run } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await updateRun(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/runs/change',
    summary:
      'Tag, group, star, archive, move, delete or restore many runs in one transaction, by uids or by a search; not for ingest keys; deleting and restoring need run:delete',
    tag: 'Runs',
    permission: 'run:write',
    params: z.object({ project: Slug }),
    body: BulkInput,
    bodyLimit: BULK_BODY_BYTES_MAX,
    answers: {
      200: { description: 'How many changed, which were left out and why, and what undoes it.', shape: BulkAnswer },
    },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await changeRuns(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/attempts',
    summary: 'Begin an attempt: the next number, or the job’s own',
    tag: 'Runs',
    permission: 'run:write',
    params: RunParams,
    body: AttemptInput,
    idempotent: true,
    answers: { 201: { description: 'It has begun.', shape: AttemptStarted } },
    handler: async (ctx, { params, body }) => ({ status: 201, body: await startAttempt(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/heartbeat',
    summary: 'Say every 10 s that an attempt is alive; hear whether to stop',
    tag: 'Runs',
    permission: 'run:write',
    params: RunParams,
    body: RunHeartbeat,
    answers: { 200: { description: 'Heard.', shape: RunHeartbeatAnswer } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await heartbeatRun(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/finish',
    summary: 'End an attempt; 409 stream_gap while a named stream has holes',
    tag: 'Runs',
    permission: 'run:write',
    params: RunParams,
    body: RunFinish,
    answers: { 200: { description: 'The run as its newest attempt leaves it.', shape: Run } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await finishRun(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/stop',
    summary: 'Ask a run to stop',
    tag: 'Runs',
    permission: 'run:write',
    params: RunParams,
    answers: { 200: { description: 'Its program will hear it.', shape: Run } },
    handler: async (ctx, { params }) => ({ status: 200, body: await stopRun(ctx, params) }),
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/move',
    summary: 'Move a run with all it has to another experiment, of any project of the workspace; not for ingest keys',
    tag: 'Runs',
    permission: 'run:write',
    params: RunParams,
    body: RunMove,
    answers: { 200: { description: 'The run where it is now.', shape: Run } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await moveRun(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/inputs',
    summary: 'Note what a run read: data sets, tokenizers, artifacts, checkpoints',
    tag: 'Runs',
    permission: 'run:write',
    params: RunParams,
    body: RunInputsInput,
    answers: { 200: { description: 'All that is noted.', shape: RunInputsInput } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await useInputs(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/runs/{run}',
    summary: `Delete a run; it can be restored for ${GRACE_DAYS} days, then its data is deleted for good`,
    tag: 'Runs',
    permission: 'run:delete',
    params: RunParams,
    answers: { 204: { description: 'It is gone from lists.' } },
    handler: async (ctx, { params }) => {
      await deleteRun(ctx, params)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/restore',
    summary: 'Take a delete back',
    tag: 'Runs',
    permission: 'run:delete',
    params: RunParams,
    answers: { 200: { description: 'The run is there again.', shape: Run } },
    handler: async (ctx, { params }) => ({ status: 200, body: await restoreRun(ctx, params) }),
  }),
  defineRoute({
    method: 'post',
    path: '/runs/{run}/purge',
    summary: 'Delete the data of a deleted run for good, without waiting',
    tag: 'Runs',
    permission: 'run:delete',
    params: RunParams,
    answers: { 202: { description: 'It begins within seconds; until then restore takes it back.' } },
    handler: async (ctx, { params }) => {
      await requestPurge(ctx, params)
      return { status: 202 }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/deleted-runs',
    summary: 'Deleted runs of a project: until when each can be restored, how far its deletion is',
    tag: 'Runs',
    permission: 'run:read',
    params: z.object({ project: Slug }),
    answers: { 200: { description: 'The newest deletion first.', shape: z.object({ items: z.array(DeletedRun) }) } },
    handler: async (ctx, { params }) => ({ status: 200, body: await listDeletedRuns(ctx, params) }),
  }),
]
