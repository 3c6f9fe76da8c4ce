import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { sha256 } from '#test/factories/files.ts'
import { type Lab, openLab } from '#test/factories/lab.ts'

let lab: Lab
let door: ReturnType<typeof createV1>
let tokens: Record<string, Context>
beforeAll(async () => {
  lab = await openLab()
  tokens = { ingest: lab.key('ingest'), read: lab.key('read'), admin: lab.key('admin') }
  door = createV1({
    services: lab.services,
    identify: async (token) => {
      const ctx = tokens[token ?? '']
      if (!ctx) throw new Refusal('unauthenticated', 'Who?')
      return ctx.actor
    },
    closed: () => null,
  })
})
afterAll(() => lab.close())

async function call(method: string, path: string, token: string, body?: unknown, headers: Record<string, string> = {}) {
  const isBytes = body instanceof Uint8Array
  const answer = await door.request(`/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
  })
  return answer
}
const json = async (answer: Response) => ({ status: answer.status, body: await answer.json() })

test('a training script needs nothing but its key: project, stages, run, files, checkpoint, evaluation, end', async () => {
  expect((await call('PUT', '/projects/lm', 'ingest', {})).status).toBe(201)
  expect((await call('PUT', '/projects/lm', 'ingest', {})).status).toBe(200)
  const base = { stage: 'base', root: { kind: 'random_init' } }
  expect(await json(await call('PUT', '/projects/lm/experiments/base', 'ingest', base))).toMatchObject({
    status: 201,
    body: { number: 1, stage_kind: 'pretrain' },
  })
  const run = randomUUID()
  const made = await json(
    await call('PUT', `/projects/lm/runs/${run.replaceAll('-', '')}`, 'ingest', { experiment: 'base' }),
  )
  expect(made).toMatchObject({ status: 201, body: { uid: run, number: 1, state: 'queued' } })
  const begun = await json(await call('POST', `/runs/${run}/attempts`, 'ingest', {}, { 'idempotency-key': 'start-1' }))
  expect(begun).toEqual({ status: 201, body: { attempt: 1, first_step: 0 } })
  const replayed = await call('POST', `/runs/${run}/attempts`, 'ingest', {}, { 'idempotency-key': 'start-1' })
  expect([replayed.status, replayed.headers.get('idempotent-replay'), await replayed.json()]).toEqual([
    201,
    'true',
    begun.body,
  ])
  expect((await json(await call('POST', `/runs/${run}/heartbeat`, 'ingest', { attempt: 1, step: 3 }))).body).toEqual({
    stop: false,
  })

  const content = Buffer.from('the weights of a model')
  const file = { name: 'model.bin', size: content.length, sha256: sha256(content) }
  const announced = await json(await call('POST', `/runs/${run}/artifacts`, 'ingest', file))
  expect(announced).toMatchObject({ status: 201, body: { status: 'upload', upload: { parts: 1 } } })
  const { id } = announced.body.upload
  const part = await call('PUT', `/uploads/${id}/parts/1`, 'ingest', content, { 'x-content-sha256': file.sha256 })
  expect(await json(part)).toEqual({ status: 200, body: { n: 1, size: content.length } })
  expect((await json(await call('GET', `/uploads/${id}`, 'ingest'))).body.parts).toEqual([
    { n: 1, size: content.length },
  ])
  expect((await json(await call('POST', `/uploads/${id}/complete`, 'ingest', {}))).body.sha256).toBe(file.sha256)
  const manifest = { attempt: 1, step: 3, tokens: 96, files: [file] }
  const committed = await json(await call('POST', `/runs/${run}/checkpoints`, 'ingest', manifest))
  expect(committed.status).toBe(201)
  expect((await call('POST', `/runs/${run}/checkpoints`, 'ingest', manifest)).status).toBe(200)

  const measured = evaluation({ benchmark: accuracy, items: rightOf(6, 10), n: 10, score: 0.6 })
  const posted = await json(await call('POST', `/checkpoints/${committed.body.id}/evaluations`, 'ingest', measured))
  expect(posted).toMatchObject({ status: 201, body: { status: 'complete', n_items: 10 } })
  const ended = await json(await call('POST', `/runs/${run}/finish`, 'ingest', { attempt: 1, reason: 'finished' }))
  expect(ended.body.state).toBe('finished')

  const lineage = await json(await call('GET', '/projects/lm/lineage', 'read'))
  expect(lineage.body.cards).toMatchObject([{ slug: 'base', state: 'finished', evaluations: 1, tokens: 96 }])
  expect((await json(await call('GET', '/projects/lm/evaluations', 'read'))).body.rows).toHaveLength(1)
  expect(
    (await json(await call('GET', '/projects/lm/runs?experiment=base&state=finished', 'read'))).body.items,
  ).toHaveLength(1)
  expect((await call('GET', `/evaluations/${posted.body.id}/items?limit=3`, 'read')).status).toBe(200)

  const url = new URL(committed.body.files[0].url).pathname.replace('/api/v1', '')
  const whole = await call('GET', url, 'read')
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(content)
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'content-disposition': `attachment; filename="model.bin"; filename*=UTF-8''model.bin`,
    'accept-ranges': 'bytes',
  })
  const ranged = await call('GET', url, 'read', undefined, { range: 'bytes=4-10' })
  expect([ranged.status, ranged.headers.get('content-range'), await ranged.text()]).toEqual([
    206,
    `bytes 4-10/${content.length}`,
    'weights',
  ])
  expect((await call('GET', url, 'read', undefined, { range: 'bytes=99-' })).status).toBe(416)
})

test('what is wrong is told as a problem with code and pointer', async () => {
  await call('PUT', '/projects/lm', 'ingest', {})
  const bad = await call('PUT', '/projects/lm/experiments/x', 'ingest', { stage: 'instrution' })
  expect(bad.headers.get('content-type')).toContain('application/problem+json')
  expect(await json(bad)).toMatchObject({
    status: 400,
    body: {
      code: 'invalid_request',
      errors: [{ pointer: '/stage' }],
      detail: expect.stringContaining('Did you mean "instruction"'),
    },
  })
  expect(await json(await call('GET', '/projects/none', 'read'))).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
  expect(await json(await call('GET', '/projects/lm/lineage', 'ingest'))).toMatchObject({
    status: 403,
    body: { code: 'forbidden', permission: 'experiment:read' },
  })
  expect((await call('PUT', `/projects/lm/runs/${randomUUID()}`, 'read', {})).status).toBe(403)
  expect((await call('GET', '/projects', 'nobody')).status).toBe(401)
  const part = await call('PUT', `/uploads/${randomUUID()}/parts/1`, 'ingest', Buffer.from('x'))
  expect(part.status).toBe(404)
})

test('a deleted run is 410 for its writer and comes back', async () => {
  const run = randomUUID()
  await call('PUT', '/projects/lm', 'ingest', {})
  await call('PUT', `/projects/lm/runs/${run}`, 'ingest', {})
  expect((await call('DELETE', `/runs/${run}`, 'ingest')).status).toBe(403)
  expect((await call('DELETE', `/runs/${run}`, 'admin')).status).toBe(204)
  expect((await call('POST', `/runs/${run}/attempts`, 'ingest', {})).status).toBe(410)
  expect((await call('POST', `/runs/${run}/restore`, 'admin')).status).toBe(200)
  expect((await call('POST', `/runs/${run}/attempts`, 'ingest', {})).status).toBe(201)
})

test('every route is in the description of the door', async () => {
  const answer = await door.request('/api/v1/openapi.json')
  const { paths } = await answer.json()
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/api/v1/projects/{project}/experiments/{slug}',
      '/api/v1/checkpoints/{checkpoint}/evaluations',
      '/api/v1/uploads/{upload}/parts/{n}',
    ]),
  )
})
