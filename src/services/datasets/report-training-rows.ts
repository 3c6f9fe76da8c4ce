import { ensureDatasetVersion } from '#src/db/queries/datasets/ensure-dataset-version.ts'
import { countTrainingHashes, insertTrainingHashes } from '#src/db/queries/datasets/training-hashes.ts'
import { TRAINING_HASHES_MAX, type TrainingRowsAnswer, type TrainingRowsInput } from '#src/protocol/contamination.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { readDataset } from './read-dataset.ts'

/** Hashes that are kept of one version of a data set: about 700 MB with their index. */
const HASHES_PER_VERSION_MAX = 5_000_000

/**
 * Notes hashes of rows of training data, so that evaluation items can be looked up among them. Rows that come again change nothing.
 *
 * @throws Refusal `invalid_request` for a data set that is not slug@version; `unprocessable` for too many hashes, in one call or in
 *   all; `not_found`, `forbidden`
 */
export async function reportTrainingRows(
  ctx: Context,
  input: TrainingRowsInput & { workspace?: string | undefined; project: string },
): Promise<TrainingRowsAnswer> {
  const { scope } = await openProject(ctx, input, 'eval:write')
  const { slug, version } = readDataset(input.dataset, '/dataset')
  const rows = input.rows.flatMap((row) => [row.hash, ...row.windows].map((hash) => ({ id: row.id, hash })))
  if (rows.length > TRAINING_HASHES_MAX) throw tooMany(`${rows.length} hashes came in one call`, TRAINING_HASHES_MAX)
  return await inTransaction(ctx, async (tx) => {
    const id = await ensureDatasetVersion(tx.db, scope, slug, version)
    await insertTrainingHashes(tx.db, scope, id, { rowIds: rows.map((r) => r.id), hashes: rows.map((r) => r.hash) })
    const kept = await countTrainingHashes(tx.db, scope, id, HASHES_PER_VERSION_MAX + 1)
    if (kept > HASHES_PER_VERSION_MAX)
      throw tooMany(`${input.dataset} has more hashes than are kept of one version`, HASHES_PER_VERSION_MAX)
    return { dataset: input.dataset, rows: input.rows.length, hashes: rows.length }
  })
}

const tooMany = (what: string, most: number): Refusal =>
  new Refusal('unprocessable', `${what}; at most ${most.toLocaleString('en')} are taken. Leave the windows out.`, {
    errors: [{ pointer: '/rows', message: `more than ${most}` }],
  })
