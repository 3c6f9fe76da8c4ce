import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowHosts } from '#src/api/allowed-hosts.ts'
import { createDoors } from '#src/api/doors.ts'
import type { Actor } from '#src/services/actor.ts'
import { announceArtifact } from '#src/services/artifacts/announce.ts'
import { completeUpload } from '#src/services/artifacts/complete.ts'
import { listMedia } from '#src/services/artifacts/list-media.ts'
import { putPart } from '#src/services/artifacts/put-part.ts'
import { pieces, sha256, upload } from '#test/factories/files.ts'
import { type Lab, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let run: Awaited<ReturnType<typeof makeRun>>
let visitor: Actor
let doors: ReturnType<typeof createDoors>
beforeAll(async () => {
  lab = await openLab()
  run = await makeRun(lab, (await makeProject(lab)).slug)
  doors = createDoors({
    services: lab.services,
    identify: async () => ({ kind: 'anonymous' }),
    getActor: async () => visitor,
    hosts: allowHosts({ publicUrl: 'http://localhost', port: 80, more: [] }),
    closed: () => null,
  })
})
afterAll(() => lab.close())

async function log(key: string, step: number, name: string, text: string, type = 'text'): Promise<string> {
  const content = Buffer.from(text)
  const answer = await announceArtifact(run.ctx, {
    run: run.uid,
    name,
    size: content.length,
    sha256: sha256(content),
    type,
    key,
    step,
  })
  if (answer.status === 'upload') {
    const part = { n: 1, length: content.length, sha256: null }
    await putPart(run.ctx, { upload: answer.upload.id, ...part, body: pieces(content, 1024) })
    await completeUpload(run.ctx, { upload: answer.upload.id })
  }
  return answer.id
}

const fromPage = { host: 'localhost', 'sec-fetch-site': 'same-origin' }
const get = (query: string, headers: Record<string, string> = fromPage) =>
  doors.request(`http://localhost/api/screen/artifact?${query}`, { headers })

test('media are listed by key, step and arrival; files without a key are not among them', async () => {
  await log('sample', 40, 'media/sample/40-1.txt', 'first')
  await log('sample', 40, 'media/sample/40-2.txt', 'second')
  await log('sample', 0, 'media/sample/0.txt', 'begin')
  await log('answers', 40, 'media/answers/40.jsonl', '{"a":1}\n', 'table')
  await upload(run.ctx, run.uid, 'notes.txt', 'a file')
  const media = await listMedia(lab.user('viewer'), { run: run.uid })
  expect(media.more).toBe(false)
  expect(media.items.map(({ key, step, type, name }) => [key, step, type, name])).toEqual([
    ['answers', 40, 'table', 'media/answers/40.jsonl'],
    ['sample', 0, 'text', 'media/sample/0.txt'],
    ['sample', 40, 'text', 'media/sample/40-1.txt'],
    ['sample', 40, 'text', 'media/sample/40-2.txt'],
  ])
  await expectRefusal(listMedia(lab.stranger(), { run: run.uid }), 'not_found')
})

test('a page of this server shows a file by its cookie, in part too; others are refused', async () => {
  const id = await log('sample', 1, 'media/sample/1.txt', 'hello world')
  visitor = lab.user('viewer').actor
  const part = await get(`id=${id}`, { ...fromPage, range: 'bytes=0-4' })
  expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, 'hello', 'bytes 0-4/11'])
  expect((await get(`id=${id}`, { host: 'localhost', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  visitor = lab.stranger().actor
  expect((await get(`id=${id}`)).status).toBe(404)
  visitor = { kind: 'anonymous' }
  expect((await get(`id=${id}`)).status).toBe(401)
})

test('HTML stands in a frame with an origin of its own, without a network, and without scripts unless they are asked for', async () => {
  const file = await upload(run.ctx, run.uid, 'report.html', '<script>1</script>')
  visitor = lab.user('viewer').actor
  const page = await get(`id=${file.id}&as=page`)
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('x-frame-options')).toBe('SAMEORIGIN')
  expect(policy.split('; ')).toEqual(
    expect.arrayContaining(['sandbox', "default-src 'none'", "frame-ancestors 'self'"]),
  )
  expect(policy).not.toContain('script-src')
  const program = (await get(`id=${file.id}&as=program`)).headers.get('content-security-policy') ?? ''
  expect(program).toContain('sandbox allow-scripts;')
  expect(program).not.toContain('allow-same-origin')
  expect(program).not.toContain('connect-src')
  // As a file it is bytes to be saved, whatever it calls itself.
  const plain = await get(`id=${file.id}`)
  expect(plain.headers.get('content-type')).toBe('application/octet-stream')
  expect(plain.headers.get('content-disposition')).toContain('attachment')
  const text = await upload(run.ctx, run.uid, 'a.txt', '<b>')
  expect((await get(`id=${text.id}&as=page`)).status).toBe(415)
})
