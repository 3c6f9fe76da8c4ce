import * as z from 'zod'
import { Checkpoint, CheckpointInput, FileName } from '#src/protocol/checkpoints.ts'
import { NearestCheckpoint, NearestQuery, Provenance } from '#src/protocol/provenance.ts'
import { Uid } from '#src/protocol/words.ts'
import { commitCheckpoint } from '#src/services/checkpoints/commit.ts'
import { deleteCheckpoint } from '#src/services/checkpoints/delete.ts'
import { getCheckpoint, listCheckpoints, readCheckpointFile } from '#src/services/checkpoints/get.ts'
import { getNearestCheckpoint } from '#src/services/checkpoints/nearest.ts'
import { getProvenance } from '#src/services/checkpoints/provenance.ts'
import { defineRoute, type Route } from '../define-route.ts'
import { sendFile } from '../send-file.ts'

const RunParams = z.object({ run: Uid })
const Checkpoints = z.object({ items: z.array(Checkpoint) }).meta({ id: 'Checkpoints' })
/** 10,000 files by name and hash. */
const MANIFEST_BYTES_MAX = 8 * 1024 * 1024

export const checkpointsRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/runs/{run}/checkpoints',
    summary:
      'Commit a checkpoint by its manifest; its files were uploaded as artifacts of the run, or lie at a location',
    tag: 'Checkpoints',
    permission: 'checkpoint:write',
    params: RunParams,
    body: CheckpointInput,
    bodyLimit: MANIFEST_BYTES_MAX,
    idempotent: true,
    answers: {
      200: { description: 'The same checkpoint was there.', shape: Checkpoint },
      201: { description: 'It is committed.', shape: Checkpoint },
    },
    handler: async (ctx, { params, body }) => {
      const { created, checkpoint } = await commitCheckpoint(ctx, { ...body, ...params })
      return { status: created ? 201 : 200, body: checkpoint }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/checkpoints',
    summary: 'Checkpoints of a run, the furthest step first',
    tag: 'Checkpoints',
    permission: 'checkpoint:read',
    params: RunParams,
    answers: { 200: { description: 'The checkpoints.', shape: Checkpoints } },
    handler: async (ctx, { params }) => ({ status: 200, body: await listCheckpoints(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/checkpoints/{checkpoint}',
    summary: 'A checkpoint with its files; a deleted one says since when (deleted_at)',
    tag: 'Checkpoints',
    permission: 'checkpoint:read',
    params: z.object({ checkpoint: Uid }),
    answers: { 200: { description: 'The checkpoint.', shape: Checkpoint } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getCheckpoint(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/checkpoints/nearest',
    summary: 'The checkpoint of a run nearest to a step, of those that its present course passed',
    tag: 'Checkpoints',
    permission: 'checkpoint:read',
    params: RunParams,
    query: NearestQuery,
    answers: { 200: { description: 'The checkpoint; null where none was saved.', shape: NearestCheckpoint } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getNearestCheckpoint(ctx, { ...params, ...query }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/checkpoints/{checkpoint}/provenance',
    summary: 'Where a checkpoint came from: its stages with runs, code, data, hardware and money, and its evaluations',
    tag: 'Checkpoints',
    permission: 'checkpoint:read',
    params: z.object({ checkpoint: Uid }),
    answers: { 200: { description: 'The provenance.', shape: Provenance } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getProvenance(ctx, params) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/checkpoints/{checkpoint}',
    summary: 'Delete a checkpoint; 409 names who uses it. Its evaluations stay',
    tag: 'Checkpoints',
    permission: 'checkpoint:delete',
    params: z.object({ checkpoint: Uid }),
    answers: { 204: { description: 'It is gone from lists, now or before.' } },
    handler: async (ctx, { params }) => {
      await deleteCheckpoint(ctx, params)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/checkpoints/{checkpoint}/files/{name}',
    summary: 'The content of a file of a checkpoint (Range); a slash in the name is written %2F',
    tag: 'Checkpoints',
    permission: 'checkpoint:read',
    params: z.object({ checkpoint: Uid, name: FileName }),
    answers: { 200: { description: 'Bytes; 206 for a range.' } },
    handler: async (ctx, { params, request }) => sendFile(await readCheckpointFile(ctx, params), request),
  }),
]
