import * as z from 'zod'
import { SCORE_FILES_CHARACTERS_MAX } from '#src/core/imports/upload-limits.ts'
import { KnownRecords, ScoreFilesInput, ScoreFilesReport, Targets, TargetsInput } from '#src/protocol/imports.ts'
import { LineageFile, LineageImported } from '#src/protocol/lineage-file.ts'
import { Sha256, Slug, Uid } from '#src/protocol/words.ts'
import { findTargets } from '#src/services/imports/find-targets.ts'
import { importLineage } from '#src/services/imports/import-lineage.ts'
import { importScoreFiles } from '#src/services/imports/import-score-files.ts'
import { listKnownRecords } from '#src/services/imports/list-known-records.ts'
import { defineRoute, type Route } from '../define-route.ts'

const tag = 'Imports'
/** A lineage of ten thousand checkpoints with their scores. */
const LINEAGE_BYTES_MAX = 8 * 1024 * 1024
/** A text in JSON has its quotes and line breaks written with two characters. */
const SCORE_FILES_BYTES_MAX = 2 * SCORE_FILES_CHARACTERS_MAX

/** What programs that import files ask before they send anything. */
export const importsRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/projects/{project}/imports/targets',
    summary: 'Which checkpoints names of models mean: ids, hashes, paths, names on a hub, stages',
    tag,
    permission: 'eval:write',
    params: z.object({ project: Slug }),
    body: TargetsInput,
    answers: { 200: { description: 'What each name means, in their order.', shape: Targets } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await findTargets(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/checkpoints/{checkpoint}/imports/{file}',
    summary: 'Which records of a file, by its SHA-256, a checkpoint has as evaluations already',
    tag,
    permission: 'eval:write',
    params: z.object({ checkpoint: Uid, file: Sha256 }),
    answers: { 200: { description: 'The records.', shape: KnownRecords } },
    handler: async (ctx, { params }) => ({
      status: 200,
      body: await listKnownRecords(ctx, { checkpoint: params.checkpoint, sha256: params.file }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/imports/scores',
    summary:
      'What files of scores say (CSV, JSON lines, results and samples of lm-evaluation-harness); with write they are written in one go',
    tag,
    permission: 'eval:write',
    params: z.object({ project: Slug }),
    body: ScoreFilesInput,
    bodyLimit: SCORE_FILES_BYTES_MAX,
    answers: {
      200: { description: 'What was understood, and what was or would be written.', shape: ScoreFilesReport },
    },
    handler: async (ctx, { params, body }) => ({
      status: 200,
      body: await importScoreFiles(ctx, { ...params, ...body }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/imports/lineage',
    summary:
      'Make the stages, checkpoints and scores of a lineage file; what is there stays, the project is made when it is not',
    tag,
    permission: 'experiment:write',
    params: z.object({ project: Slug }),
    query: z.object({ file: z.string().min(1).max(200).default('lineage.json') }),
    body: LineageFile,
    bodyLimit: LINEAGE_BYTES_MAX,
    answers: { 200: { description: 'What was made, and what was there.', shape: LineageImported } },
    handler: async (ctx, { params, query, body }) => ({
      status: 200,
      body: await importLineage(ctx, { ...params, file: query.file, lineage: body }),
    }),
  }),
]
