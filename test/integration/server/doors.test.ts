import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { defineRoute, type Route } from '#src/api/define-route.ts'
import { createV1 } from '#src/api/v1/app.ts'
import { PROBLEMS, type ProblemCode } from '#src/protocol/problem.ts'
import { Refusal } from '#src/services/errors.ts'
import { type TestServices, testServices } from '#test/setup/services.ts'

const MB = 1024 * 1024
let world: TestServices
let app: ReturnType<typeof createV1>
let closed: Refusal | null = null
let calls = 0
let hold: Promise<void> = Promise.resolve()

const route = (spec: Partial<Parameters<typeof defineRoute>[0]> & { path: string }): Route =>
  defineRoute({
    method: 'post',
    summary: 'A route of this test',
    tag: 'tests',
    permission: 'run:write',
    answers: { 200: { description: 'ok' } },
    handler: async () => ({ status: 200, body: { ok: true } }),
    ...spec,
  })

const routes: readonly Route[] = [
  route({
    path: '/echo',
    body: z.object({ name: z.string(), deep: z.unknown().optional() }),
    handler: async (_, { body }) => ({ status: 200, body }),
  }),
  route({
    path: '/bytes',
    raw: 'bytes',
    bodyLimit: 8 * MB,
    handler: async (_, { bytes }) => ({ status: 200, body: { size: (await bytes()).length } }),
  }),
  route({
    method: 'get',
    path: '/things/{thing}',
    params: z.object({ thing: z.string().max(5) }),
    query: z.object({ limit: z.coerce.number().int().default(7) }),
    handler: async (_, { params, query }) => ({ status: 200, body: { params, query } }),
  }),
  route({
    path: '/fails/{code}',
    params: z.object({ code: z.string() }),
    handler: async (_, { params }) => fail(z.object({ code: z.string() }).parse(params).code),
  }),
  route({
    path: '/made',
    idempotent: true,
    body: z.object({ n: z.number() }),
    answers: { 201: { description: 'made' } },
    handler: async (_, { body }) => {
      calls++
      await hold
      const { n } = z.object({ n: z.number() }).parse(body)
      if (n === 422) throw new Refusal('unprocessable', 'n is 422.')
      if (n === 409 && calls === 1) throw Object.assign(new Error('duplicate key'), { code: '23505' })
      if (n === 503 && calls === 1) throw new Refusal('unavailable', 'Away.')
      return { status: 201, body: { made: n, call: calls } }
    },
  }),
  route({ path: '/open', method: 'get', auth: 'public', permission: null }),
  route({
    path: '/things/{other_name}',
    method: 'put',
    params: z.object({ other_name: z.string() }),
    handler: async (_, { params }) => ({ status: 200, body: params }),
  }),
]

function fail(code: string): never {
  if (code === 'unknown') throw new Error('select secret from somewhere')
  if (code === 'database') throw Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' })
  if (code === 'wrapped') throw new Error('wrapped', { cause: Object.assign(new Error('x'), { code: '57P01' }) })
  if (code === 'slow') throw Object.assign(new Error('canceled'), { code: '57014' })
  if (code === 'disk') throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  if (code === 'disk-of-database') throw Object.assign(new Error('full'), { code: '53100' })
  throw new Refusal(code as ProblemCode, 'As asked.', { key: 'k' })
}

beforeAll(async () => {
  world = await testServices()
  app = createV1(
    {
      services: world.services,
      closed: () => closed,
      identify: async (token) => {
        if (token !== 'good') throw new Refusal('unauthenticated', 'No.')
        return { kind: 'operator' }
      },
    },
    routes,
  )
})
afterAll(() => world.close())

interface Sent {
  method?: string
  body?: string | Buffer | ReadableStream
  headers?: Record<string, string>
}

async function send(path: string, { method = 'POST', body, headers = {} }: Sent = {}) {
  const init: RequestInit & { duplex: 'half' } = {
    method,
    duplex: 'half',
    headers: {
      authorization: 'Bearer good',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : (body ?? null),
  }
  const answer = await app.request(`/api/v1${path}`, init)
  const text = await answer.text()
  const isJson = /json/.test(answer.headers.get('content-type') ?? '')
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
}

describe('every refusal', () => {
  test.each(Object.entries(PROBLEMS))('%s is a problem document with its status', async (code, [status, title]) => {
    const answer = await send(`/fails/${code}`)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.body).toMatchObject({
      type: `urn:descent:problem:${code}`,
      title,
      status,
      code,
      detail: 'As asked.',
      key: 'k',
    })
    expect(answer.body.instance).toBe(`urn:descent:request:${answer.headers.get('x-request-id')}`)
    expect(answer.headers.has('retry-after')).toBe([429, 503, 507].includes(status))
  })

  test.each([
    ['database', 503, 'unavailable'],
    ['wrapped', 503, 'unavailable'],
    ['slow', 503, 'unavailable'],
    ['disk', 507, 'storage_full'],
    ['disk-of-database', 507, 'storage_full'],
  ])('a failure of the %s is %i %s with Retry-After', async (what, status, code) => {
    const answer = await send(`/fails/${what}`)
    expect(answer.status).toBe(status)
    expect(answer.body.code).toBe(code)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('of nobody’s making is one sentence with the request id; the log has it whole', async () => {
    const answer = await send('/fails/unknown', { headers: { 'x-request-id': 'request-of-this-test' } })
    expect(answer.status).toBe(500)
    expect(answer.body.detail).toContain('request-of-this-test')
    expect(JSON.stringify(answer.body)).not.toContain('select secret')
    const line = world.lines.findLast(({ level }) => level === 'error')
    expect(line?.fields).toMatchObject({
      err: { message: 'select secret from somewhere' },
      request_id: 'request-of-this-test',
    })
  })
})

describe('a body', () => {
  test('that fits is parsed; fields that are not known are ignored', async () => {
    expect(await send('/echo', { body: '{"name":"a","other":1}' })).toMatchObject({ status: 200, body: { name: 'a' } })
  })

  test('that does not fit names field and value', async () => {
    const answer = await send('/echo', { body: '{"name":7}' })
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toEqual([{ pointer: '/name', message: expect.stringContaining('(got 7)') }])
  })

  test.each([
    ['no JSON', '{"name"'],
    ['nothing', ''],
    ['nested 33 levels deep', `{"name":"a","deep":${'['.repeat(33)}${']'.repeat(33)}}`],
    ['nested 100,000 levels deep', '['.repeat(100_000)],
  ])('that is %s is 400', async (_, body) => {
    expect(await send('/echo', { body })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  test('may be gzip, once', async () => {
    const body = gzipSync('{"name":"a"}')
    expect(await send('/echo', { body, headers: { 'content-encoding': 'gzip' } })).toMatchObject({
      status: 200,
      body: { name: 'a' },
    })
    for (const encoding of ['br', 'gzip, gzip', 'deflate', 'zstd'])
      expect(await send('/echo', { body, headers: { 'content-encoding': encoding } })).toMatchObject({
        status: 415,
        body: { code: 'unsupported_media' },
      })
    expect(await send('/echo', { body: '{}', headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 400 })
  })

  test('that expands to 256 MiB of zeros is stopped while it expands', async () => {
    const body = gzipSync(Buffer.alloc(256 * MB), { level: 1 })
    const before = process.memoryUsage().rss
    const answer = await send('/bytes', { body, headers: { 'content-encoding': 'gzip' } })
    expect(answer).toMatchObject({ status: 413, body: { code: 'too_large', limit_bytes: 32 * MB } })
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MB)
  })

  test('is 1 MiB at most, or what the route says', async () => {
    expect(await send('/echo', { body: `{"name":"${'x'.repeat(MB)}"}` })).toMatchObject({
      status: 413,
      body: { limit_bytes: MB },
    })
    expect(await send('/bytes', { body: Buffer.alloc(8 * MB) })).toMatchObject({ status: 200, body: { size: 8 * MB } })
    expect(await send('/bytes', { body: Buffer.alloc(8 * MB + 1) })).toMatchObject({ status: 413 })
  })

  test('of no announced length is counted as it comes', async () => {
    let pulled = 0
    const body = new ReadableStream({
      pull: (controller) => {
        pulled += MB
        controller.enqueue(new Uint8Array(MB))
      },
    })
    expect(await send('/bytes', { body })).toMatchObject({ status: 413, body: { limit_bytes: 8 * MB } })
    expect(pulled).toBeLessThanOrEqual(12 * MB)
  })

  test.each(['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'])(
    'of type %s is 415',
    async (type) => {
      expect(await send('/echo', { body: '{"name":"a"}', headers: { 'content-type': type } })).toMatchObject({
        status: 415,
      })
    },
  )

  test('that is announced as too long is refused before a byte of it was sent', async () => {
    const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false })).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const head = `POST /api/v1/bytes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\nContent-Length: ${9 * MB}\r\n\r\n`
    socket.write(head)
    const answer = await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())))
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
    server.close()
  })
})

describe('a call', () => {
  test('has its path and query parsed, with defaults', async () => {
    expect(await send('/things/abc', { method: 'GET' })).toMatchObject({
      status: 200,
      body: { params: { thing: 'abc' }, query: { limit: 7 } },
    })
    expect(await send('/things/abc?limit=x', { method: 'GET' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/query/limit' }] },
    })
    expect(await send('/things/abcdef', { method: 'GET' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/path/thing' }] },
    })
  })

  test('that reads carries a tag, and answers 304 to whoever has it', async () => {
    const first = await send('/things/abc', { method: 'GET' })
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[A-Za-z0-9_-]{27}"$/)
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await send('/things/abc', { method: 'GET', headers: { 'if-none-match': tag } })
      expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', etag])
    }
    expect((await send('/things/abd', { method: 'GET', headers: { 'if-none-match': etag } })).status).toBe(200)
  })

  test('of a path that is not there is 404, of a method that is not there 405', async () => {
    expect(await send('/nowhere')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const answer = await send('/things/abc', { method: 'DELETE' })
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } })
    expect(answer.headers.get('allow')).toBe('GET, PUT')
    expect(await send('/things/abc', { method: 'PUT' })).toMatchObject({ status: 200, body: { other_name: 'abc' } })
  })

  test('keeps a sane request id and replaces another', async () => {
    const ids = await Promise.all(
      ['sane-id-12345', 'x', 'a'.repeat(300), 'bad id with blanks'].map(async (id) =>
        (await send('/open', { method: 'GET', headers: { 'x-request-id': id } })).headers.get('x-request-id'),
      ),
    )
    expect(ids[0]).toBe('sane-id-12345')
    for (const id of ids.slice(1)) expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('of an older protocol is 426 with the versions served', async () => {
    expect(await send('/open', { method: 'GET', headers: { 'x-descent-protocol': '0' } })).toMatchObject({
      status: 426,
      body: { min: 1, max: 1 },
    })
    const answer = await send('/open', { method: 'GET', headers: { 'x-descent-protocol': '1' } })
    expect(answer.headers.get('x-descent-protocol')).toBe('1')
    expect(answer.headers.get('cache-control')).toBe('private, no-cache')
  })

  test.each([
    ['no key', {}],
    ['another scheme', { authorization: 'Basic Z29vZDo=' }],
    ['a malformed header', { authorization: 'Bearer  ' }],
    ['two tokens', { authorization: 'Bearer good, Bearer good' }],
    ['a cookie', { cookie: 'token=good' }],
  ])('with %s is 401', async (_, headers) => {
    const answer = await send('/echo', { body: '{"name":"a"}', headers: { authorization: '', ...headers } })
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })

  test('with a key in its URL is 401, whatever the header says', async () => {
    expect(await send('/things/a?token=dsc_ing-abc', { method: 'GET' })).toMatchObject({ status: 401 })
  })

  test('is 503 while the doors are shut', async () => {
    closed = new Refusal('draining', 'Bye.')
    expect(await send('/open', { method: 'GET' })).toMatchObject({ status: 503, body: { code: 'draining' } })
    closed = null
  })
})

describe('a creating call with an Idempotency-Key', () => {
  const make = (n: number, key: string) =>
    send('/made', { body: JSON.stringify({ n }), headers: { 'idempotency-key': key } })

  test('happens once: its repeat gets the stored answer', async () => {
    calls = 0
    const first = await make(1, 'once')
    const second = await make(1, 'once')
    expect(calls).toBe(1)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect(first.headers.get('idempotent-replay')).toBeNull()
    expect(second.headers.get('idempotent-replay')).toBe('true')
  })

  test('and another body is 422', async () => {
    await make(1, 'mismatch')
    expect(await make(2, 'mismatch')).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
  })

  test('that is still running is 409 with Retry-After', async () => {
    let release = () => {}
    hold = new Promise((resolve) => {
      release = resolve
    })
    const first = make(1, 'in-flight')
    await expect
      .poll(() =>
        world.database.sql`select 1 from idempotency_records where key = 'in-flight'`.then((rows) => rows.length),
      )
      .toBe(1)
    const second = await make(1, 'in-flight')
    release()
    expect(second).toMatchObject({ status: 409, body: { code: 'idempotency_in_flight' } })
    expect(second.headers.get('retry-after')).toBe('1')
    expect((await first).status).toBe(201)
  })

  test('keeps a refusal below 500, and forgets one from 500 on', async () => {
    calls = 0
    await make(422, 'refused')
    expect(await make(422, 'refused')).toMatchObject({ status: 422, body: { code: 'unprocessable' } })
    expect(calls).toBe(1)
    calls = 0
    expect(await make(503, 'broken')).toMatchObject({ status: 503 })
    expect(await make(503, 'broken')).toMatchObject({ status: 201 })
    expect(calls).toBe(2)
  })

  test('that met another which wrote the same is judged anew when it is sent again', async () => {
    calls = 0
    expect(await make(409, 'at-once')).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await make(409, 'at-once')).toMatchObject({ status: 201 })
    expect(calls).toBe(2)
  })

  test('that was cut off long ago may be made again', async () => {
    calls = 0
    await world.database.sql`
      insert into idempotency_records (owner, route, key, body_hash, created_at)
      values ('operator', 'post /api/v1/made', 'cut-off', 'x', now() - interval '6 minutes')`
    expect((await make(1, 'cut-off')).status).toBe(201)
  })
})

describe('the description', () => {
  test('is OpenAPI 3.1 with every route, its key and its refusals', async () => {
    const { body } = await send('/openapi.json', { method: 'GET' })
    expect(body.openapi).toBe('3.1.0')
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(routes.map(({ path }) => `/api/v1${path}`)))
    expect(body.paths['/api/v1/echo'].post.security).toEqual([{ key: [] }])
    expect(body.paths['/api/v1/open'].get.security).toBeUndefined()
    expect(body.paths['/api/v1/echo'].post.responses.default.content['application/problem+json'].schema).toEqual({
      $ref: '#/components/schemas/Problem',
    })
  })

  test('is a page without scripts and without anything from elsewhere', async () => {
    const { body, headers } = await send('/docs', { method: 'GET' })
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(body).not.toMatch(/<script|https?:\/\//)
    for (const { path } of routes) expect(body).toContain(`/api/v1${path}`)
  })
})

test('a route that defineRoute did not make is not mounted', () => {
  const forged = { ...routes[0] } as Route
  expect(() =>
    createV1({ services: world.services, closed: () => null, identify: async () => ({ kind: 'clock' }) }, [forged]),
  ).toThrow('defineRoute')
})
