import * as z from 'zod'
import {
  Artifact,
  ArtifactAnswer,
  ArtifactInput,
  MediaList,
  PART_BYTES_MAX,
  UploadState,
} from '#src/protocol/checkpoints.ts'
import { Count, PageQuery, page, Sha256, Uid } from '#src/protocol/words.ts'
import { announceArtifact } from '#src/services/artifacts/announce.ts'
import { completeUpload } from '#src/services/artifacts/complete.ts'
import { listMedia } from '#src/services/artifacts/list-media.ts'
import { getUpload, putPart } from '#src/services/artifacts/put-part.ts'
import { getArtifact, listArtifacts, readArtifact } from '#src/services/artifacts/read.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { defineRoute, type Route } from '../define-route.ts'
import { sendFile } from '../send-file.ts'

const RunParams = z.object({ run: Uid })
const UploadParams = z.object({ upload: Uid })
const ArtifactParams = z.object({ artifact: Uid })
const Part = z.object({ n: z.number().int(), size: Count }).meta({ id: 'UploadPart' })
const Completed = z.object({ id: Uid, sha256: Sha256, size: Count }).meta({ id: 'CompletedUpload' })

export const artifactsRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/runs/{run}/artifacts',
    summary: 'Announce a file of a run: known content is linked, other content is uploaded in parts',
    tag: 'Artifacts',
    permission: 'artifact:write',
    params: RunParams,
    body: ArtifactInput,
    idempotent: true,
    answers: {
      200: { description: 'The content is known.', shape: ArtifactAnswer },
      201: { description: 'Upload it in so many parts.', shape: ArtifactAnswer },
    },
    handler: async (ctx, { params, body }) => {
      const answer = await announceArtifact(ctx, { ...body, ...params })
      return { status: answer.status === 'exists' ? 200 : 201, body: answer }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/artifacts',
    summary: 'Artifacts of a run in the order in which they came',
    tag: 'Artifacts',
    permission: 'artifact:read',
    params: RunParams,
    query: PageQuery,
    answers: { 200: { description: 'A page of artifacts.', shape: page(Artifact) } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await listArtifacts(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/media',
    summary: 'Texts, images, audio, tables and histograms that a run logged, by key and step',
    tag: 'Artifacts',
    permission: 'artifact:read',
    params: RunParams,
    answers: { 200: { description: 'Each is an artifact.', shape: MediaList } },
    handler: async (ctx, { params }) => ({ status: 200, body: await listMedia(ctx, params) }),
  }),
  defineRoute({
    method: 'put',
    path: '/uploads/{upload}/parts/{n}',
    summary: 'Send part n of an upload, from 1; in any order, again if need be (X-Content-SHA256: its hash)',
    tag: 'Artifacts',
    permission: 'artifact:write',
    params: UploadParams.extend({ n: z.coerce.number().int().min(1).max(100_000).meta({ type: 'integer' }) }),
    raw: 'stream',
    contentTypes: ['application/octet-stream'],
    bodyLimit: PART_BYTES_MAX,
    answers: { 200: { description: 'The part is durable.', shape: Part } },
    handler: async (ctx, { params, request }) => ({
      status: 200,
      body: await putPart(ctx, {
        ...params,
        body: chunksOf(request),
        length: lengthOf(request),
        sha256: hashOf(request),
      }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/uploads/{upload}',
    summary: 'The parts of an upload that are durable',
    tag: 'Artifacts',
    permission: 'artifact:write',
    params: UploadParams,
    answers: { 200: { description: 'Resume from here.', shape: UploadState } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getUpload(ctx, params) }),
  }),
  defineRoute({
    method: 'post',
    path: '/uploads/{upload}/complete',
    summary: 'Put an upload together; 422 when size or hash are not the announced ones',
    tag: 'Artifacts',
    permission: 'artifact:write',
    params: UploadParams,
    answers: { 200: { description: 'The artifact is visible.', shape: Completed } },
    handler: async (ctx, { params }) => ({ status: 200, body: await completeUpload(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/artifacts/{artifact}',
    summary: 'An artifact',
    tag: 'Artifacts',
    permission: 'artifact:read',
    params: ArtifactParams,
    answers: { 200: { description: 'The artifact.', shape: Artifact } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getArtifact(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/artifacts/{artifact}/content',
    summary: 'The content of an artifact (Range)',
    tag: 'Artifacts',
    permission: 'artifact:read',
    params: ArtifactParams,
    answers: { 200: { description: 'Bytes; 206 for a range.' } },
    handler: async (ctx, { params, request }) => sendFile(await readArtifact(ctx, params), request),
  }),
]

/** The body as it comes; a client that goes away in the middle is the client's error. */
async function* chunksOf(request: Request): AsyncIterable<Uint8Array> {
  const reader = request.body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new Refusal('invalid_request', 'The part ended before it was complete; send it again.')
      })
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function lengthOf(request: Request): number | null {
  const length = request.headers.get('content-length')
  return length === null ? null : Number(length)
}

function hashOf(request: Request): string | null {
  const given = request.headers.get('x-content-sha256')
  if (given === null) return null
  const hash = Sha256.safeParse(given.toLowerCase())
  if (!hash.success) throw invalid('/headers/x-content-sha256', 'X-Content-SHA256 must be 64 hex digits.')
  return hash.data
}
