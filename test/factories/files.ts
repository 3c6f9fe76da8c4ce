import { createHash, randomUUID } from 'node:crypto'
import { announceArtifact } from '#src/services/artifacts/announce.ts'
import { completeUpload } from '#src/services/artifacts/complete.ts'
import { putPart } from '#src/services/artifacts/put-part.ts'
import { commitCheckpoint } from '#src/services/checkpoints/commit.ts'
import type { Context } from '#src/services/context.ts'

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** Bytes in pieces, as a body brings them. */
export async function* pieces(bytes: Uint8Array, size = 7): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Uploads a small file to a run. */
export async function upload(ctx: Context, run: string, name: string, content: string) {
  const bytes = Buffer.from(content)
  const answer = await announceArtifact(ctx, { run, name, size: bytes.length, sha256: sha256(bytes), type: 'file' })
  if (answer.status === 'upload') {
    if (answer.upload.parts > 0)
      await putPart(ctx, { upload: answer.upload.id, n: 1, body: pieces(bytes), length: bytes.length, sha256: null })
    await completeUpload(ctx, { upload: answer.upload.id })
  }
  return { name, sha256: sha256(bytes), size: bytes.length, id: answer.id }
}

/** A committed checkpoint with one file. */
export async function makeCheckpoint(
  ctx: Context,
  run: string,
  step = 9,
  more: { tokens?: number; attempt?: number } = {},
) {
  const file = await upload(ctx, run, 'model.bin', `weights ${randomUUID()}`)
  const { checkpoint } = await commitCheckpoint(ctx, {
    run,
    attempt: more.attempt ?? 1,
    step,
    tokens: more.tokens ?? null,
    files: [{ name: file.name, sha256: file.sha256, size: file.size }],
    metadata: { stage: 'test' },
  })
  return checkpoint
}
