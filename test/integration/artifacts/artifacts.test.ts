import { randomUUID } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { announceArtifact } from '#src/services/artifacts/announce.ts'
import { completeUpload } from '#src/services/artifacts/complete.ts'
import { getUpload, putPart } from '#src/services/artifacts/put-part.ts'
import { getArtifact, listArtifacts, readArtifact } from '#src/services/artifacts/read.ts'
import { sweepUploads } from '#src/services/artifacts/sweep.ts'
import { pieces, sha256, upload } from '#test/factories/files.ts'
import { type Lab, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: { slug: string; id: number }
let run: Awaited<ReturnType<typeof makeRun>>
beforeAll(async () => {
  lab = await openLab()
  project = await makeProject(lab)
  run = await makeRun(lab, project.slug)
})
afterAll(() => lab.close())

const files = (folder: string): string[] =>
  readdirSync(path.join(lab.services.settings.dataDir, 'artifacts', folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))

async function announce(content: Buffer, name = `file-${randomUUID()}.bin`) {
  const answer = await announceArtifact(run.ctx, {
    run: run.uid,
    name,
    size: content.length,
    sha256: sha256(content),
    type: 'file',
  })
  if (answer.status !== 'upload') throw new Error('it exists')
  return { ...answer.upload, artifact: answer.id, name }
}

test('a file goes up, lies under its hash with mode 0600, and comes down whole and in part', async () => {
  const file = await upload(run.ctx, run.uid, 'notes.txt', 'hello world')
  const stored = files('blobs').find((name) => name.endsWith(file.sha256))
  expect(statSync(stored ?? '').mode & 0o777).toBe(0o600)
  const reader = lab.user('viewer')
  const content = await readArtifact(reader, { artifact: file.id })
  expect((await buffer(await content.open())).toString()).toBe('hello world')
  expect((await buffer(await content.open({ start: 6, end: 8 }))).toString()).toBe('wor')
  expect(await getArtifact(reader, { artifact: file.id })).toMatchObject({
    name: 'notes.txt',
    size: 11,
    run: { uid: run.uid },
  })
  expect((await listArtifacts(reader, { run: run.uid })).items.map((a) => a.name)).toContain('notes.txt')
})

test('parts come in any order and again; the upload says which are durable', async () => {
  const content = Buffer.alloc(40 * 1024 * 1024, 'abcdefg')
  const begun = await announce(content)
  expect(begun.parts).toBe(3)
  const put = (n: number) => {
    const part = content.subarray((n - 1) * begun.part_size, n * begun.part_size)
    const body = pieces(part, 1024 * 1024)
    return putPart(run.ctx, { upload: begun.id, n, body, length: part.length, sha256: sha256(part) })
  }
  await put(3)
  await put(1)
  await put(1)
  expect((await getUpload(run.ctx, { upload: begun.id })).parts.map((p) => p.n)).toEqual([1, 3])
  const early = await expectRefusal(completeUpload(run.ctx, { upload: begun.id }), 'unprocessable')
  expect(early.detail.missing).toEqual([2])
  await put(2)
  const done = await completeUpload(run.ctx, { upload: begun.id })
  expect(done).toEqual({ id: begun.artifact, sha256: sha256(content), size: content.length })
  expect(await completeUpload(run.ctx, { upload: begun.id })).toEqual(done)
  expect(files('staging').filter((name) => name.includes(begun.id))).toEqual([])
})

test('content that the project has is linked at once; an unfinished upload goes on; an empty file needs no part', async () => {
  const first = await upload(run.ctx, run.uid, 'a.txt', 'same content')
  const again = await announceArtifact(run.ctx, { run: run.uid, ...first, type: 'file' })
  expect(again).toEqual({ status: 'exists', id: first.id })
  const copy = await announceArtifact(run.ctx, { run: run.uid, ...first, name: 'b.txt', type: 'file' })
  expect(copy.status).toBe('exists')
  const content = Buffer.from('not finished')
  const begun = await announce(content, 'c.txt')
  expect((await announce(content, 'c.txt')).id).toBe(begun.id)
  await upload(run.ctx, run.uid, 'empty', '')
})

test('a key of another project is not told that content exists', async () => {
  const known = await upload(run.ctx, run.uid, 'secret.txt', 'known to one project')
  const other = await makeProject(lab)
  const theirs = await makeRun(lab, other.slug)
  const answer = await announceArtifact(theirs.ctx, { run: theirs.uid, ...known, type: 'file' })
  expect(answer.status).toBe('upload')
})

test('a part of the wrong size or hash is refused and not durable', async () => {
  const content = Buffer.from('0123456789')
  const begun = await announce(content)
  const put = (body: Buffer, more: { length?: number | null; sha256?: string | null }) =>
    putPart(run.ctx, { upload: begun.id, n: 1, body: pieces(body), length: null, sha256: null, ...more })
  await expectRefusal(put(Buffer.from('01234'), {}), 'unprocessable')
  await expectRefusal(put(Buffer.from('0123456789+'), {}), 'too_large')
  await expectRefusal(put(content, { sha256: 'f'.repeat(64) }), 'unprocessable')
  await expectRefusal(put(content, { length: 9 }), 'invalid_request')
  await expectRefusal(
    putPart(run.ctx, { upload: begun.id, n: 2, body: pieces(content), length: null, sha256: null }),
    'invalid_request',
  )
  expect((await getUpload(run.ctx, { upload: begun.id })).parts).toEqual([])
})

test('a whole that is not what was announced is refused, and nothing is visible', async () => {
  const begun = await announce(Buffer.from('announced!'), 'wrong.bin')
  await putPart(run.ctx, {
    upload: begun.id,
    n: 1,
    body: pieces(Buffer.from('different!')),
    length: null,
    sha256: null,
  })
  const found = await expectRefusal(completeUpload(run.ctx, { upload: begun.id }), 'unprocessable')
  expect(found.message).toContain('announced were 10')
  await expectRefusal(getArtifact(lab.user('viewer'), { artifact: begun.artifact }), 'not_found')
  await expectRefusal(getUpload(run.ctx, { upload: begun.id }), 'not_found')
  expect(files('staging').filter((name) => name.includes(begun.id))).toEqual([])
})

test('uploads older than a day are swept with their parts', async () => {
  const begun = await announce(Buffer.from('left behind'))
  await putPart(run.ctx, {
    upload: begun.id,
    n: 1,
    body: pieces(Buffer.from('left behind')),
    length: null,
    sha256: null,
  })
  await lab.database.sql`update uploads set created_at = now() - interval '25 hours' where uid = ${begun.id}`
  expect(await sweepUploads(lab.clock())).toBeGreaterThanOrEqual(1)
  await expectRefusal(getUpload(run.ctx, { upload: begun.id }), 'not_found')
  expect(files('staging').filter((name) => name.includes(begun.id))).toEqual([])
})

test('rejects an actor who may only read, an ingest key that reads, and strangers', async () => {
  const file = await upload(run.ctx, run.uid, 'x.txt', 'for readers')
  const begun = await announce(Buffer.from('guarded'))
  const input = { run: run.uid, name: 'y', size: 1, sha256: 'a'.repeat(64), type: 'file' }
  const part = { upload: begun.id, n: 1, body: pieces(Buffer.from('guarded')), length: null, sha256: null }
  const viewer = lab.user('viewer')
  await expectRefusal(announceArtifact(viewer, input), 'forbidden')
  await expectRefusal(putPart(viewer, part), 'forbidden')
  await expectRefusal(completeUpload(viewer, { upload: begun.id }), 'forbidden')
  await expectRefusal(readArtifact(run.ctx, { artifact: file.id }), 'forbidden')
  const stranger = lab.stranger()
  for (const call of [
    () => announceArtifact(stranger, input),
    () => putPart(stranger, part),
    () => getUpload(stranger, { upload: begun.id }),
    () => completeUpload(stranger, { upload: begun.id }),
    () => getArtifact(stranger, { artifact: file.id }),
    () => readArtifact(stranger, { artifact: file.id }),
    () => readArtifact(lab.user('viewer'), { artifact: randomUUID() }),
    () => listArtifacts(stranger, { run: run.uid }),
  ])
    await expectRefusal(call(), 'not_found')
})
