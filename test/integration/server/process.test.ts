import { readFileSync, statSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServerProcess, startProcess, untilReady } from './start-process.ts'

const PORT = 17_110
let server: ServerProcess

beforeAll(async () => {
  server = startProcess(PORT, { LOG_LEVEL: 'debug' })
  await untilReady(server)
})
afterAll(() => server.remove())

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  text: string
}

function send(at: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: PORT, path: at, method, headers: { host: `localhost:${PORT}`, ...headers } },
      (answer) => {
        let text = ''
        answer.on('data', (chunk) => (text += chunk))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Sends bytes as they are; settles with what came back when the other side has closed. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(PORT, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk) => (text += chunk))
    socket.on('close', () => resolve(text))
    socket.on('error', () => {})
    socket.setTimeout(3_000, () => socket.destroy())
  })
}

const codeOf = (answer: Answer) => JSON.parse(answer.text).code

describe('a server that runs', () => {
  test('is alive and ready, and neither answer is cached', async () => {
    for (const [at, text] of [
      ['/healthz', 'ok'],
      ['/readyz', 'ready'],
    ] as const) {
      const answer = await send(at)
      expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([200, text, 'no-store'])
    }
  })

  test('printed one sign-in link, which its log does not hold', () => {
    const lines = server.output().split('\n')
    expect(lines.filter((line) => /\/sign-in#[A-Za-z0-9_-]{43}$/.test(line))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith('{')).join('\n')).not.toMatch(/sign-in#[A-Za-z0-9]/)
  })

  test('made its secret once, in a file of mode 0600', () => {
    const file = path.join(server.dataDir, 'auth-secret')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8').length).toBeGreaterThanOrEqual(43)
    expect(server.output()).not.toContain(readFileSync(file, 'utf8'))
  })

  test('sends its headers with every answer', async () => {
    for (const at of ['/', '/api/v1/nowhere', '/api/v1/docs', '/api/trpc/me.get', '/readyz']) {
      const { headers } = await send(at)
      expect(headers['x-content-type-options'], at).toBe('nosniff')
      expect(headers['x-frame-options'], at).toBe('DENY')
      expect(headers['referrer-policy'], at).toBe('strict-origin-when-cross-origin')
      expect(headers['cross-origin-opener-policy'], at).toBe('same-origin')
      expect(headers['permissions-policy'], at).toContain('camera=()')
      expect(headers['x-powered-by'], at).toBeUndefined()
      expect(headers['strict-transport-security'], at).toBeUndefined()
    }
  })

  test('makes a nonce for each page, which the policy names and scripts need', async () => {
    const nonces = await Promise.all(
      [1, 2, 3].map(async () => {
        const { headers, text } = await send('/api/v1/docs', {
          'x-nonce': 'mine',
          'content-security-policy': "script-src 'nonce-mine'",
        })
        const policy = String(headers['content-security-policy'])
        const nonce = /script-src 'self' 'nonce-([^']+)' 'strict-dynamic'/.exec(policy)?.[1] ?? ''
        expect(text).toContain(`<style nonce="${nonce}">`)
        expect(policy).not.toMatch(/script-src[^;]*unsafe/)
        for (const rule of [
          "object-src 'none'",
          "base-uri 'none'",
          "frame-ancestors 'none'",
          "form-action 'self'",
          "default-src 'none'",
        ])
          expect(policy).toContain(rule)
        return nonce
      }),
    )
    expect(new Set(nonces).size).toBe(3)
    expect(nonces).not.toContain('mine')
  })

  test.each(['/', '/api/v1/docs', '/readyz', '/api/trpc/me.get'])(
    'answers 421 to a foreign host name at %s',
    async (at) => {
      const answer = await send(at, { host: 'evil.example' })
      expect([answer.status, codeOf(answer)]).toEqual([421, 'wrong_host'])
    },
  )

  test('is alive under any host name, since probes use addresses', async () => {
    expect((await send('/healthz', { host: '10.1.2.3' })).status).toBe(200)
  })
})

describe('a request of two meanings', () => {
  const lines = (...headers: string[]) =>
    ['POST /api/v1/x HTTP/1.1', `Host: localhost:${PORT}`, 'Connection: close', ...headers, '', ''].join('\r\n')
  test.each([
    ['two framings', lines('Transfer-Encoding: chunked', 'Content-Length: 4')],
    ['two lengths', lines('Content-Length: 4', 'Content-Length: 5')],
    ['two credentials', lines('Authorization: Bearer a', 'Authorization: Bearer b')],
    ['two hosts', lines('Host: evil.example')],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ])('(%s) is refused', async (_, bytes) => {
    expect(await sendRaw(bytes)).toMatch(/^HTTP\/1\.1 (400|421) /)
  })

  test('with more than 16 KiB of headers is refused', async () => {
    expect(await sendRaw(lines(`X-Long: ${'x'.repeat(17_000)}`))).toMatch(/^HTTP\/1\.1 431 /)
  })
})

describe('a call of the browser', () => {
  const json = { 'content-type': 'application/json' }
  const own = { origin: `http://localhost:${PORT}`, 'sec-fetch-site': 'same-origin' }
  const call = (headers: Record<string, string>, body = '{}') =>
    send('/api/trpc/sessions.revokeOthers', headers, 'POST', body)

  test('from our own page reaches its procedure', async () => {
    const answer = await call({ ...json, ...own })
    expect(answer.status).toBe(401)
    const { error } = JSON.parse(answer.text)
    expect(error.data).toMatchObject({ code: 'UNAUTHORIZED', problem: { code: 'unauthenticated' } })
    expect(error.data.problem.instance).toBe(`urn:descent:request:${answer.headers['x-request-id']}`)
    expect(JSON.stringify(error)).not.toContain('.ts:')
  })

  test.each([
    ['another site', { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another port of the same machine', { origin: 'http://localhost:8888', 'sec-fetch-site': 'same-site' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a client that names no origin', {}],
  ])('from %s is refused', async (_, headers) => {
    const answer = await call({ ...json, ...headers })
    expect([answer.status, codeOf(answer)]).toEqual([403, 'forbidden'])
  })

  test.each([
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/octet-stream',
  ])('sent as %s is refused, since a form needs no preflight', async (type) => {
    const answer = await call({ 'content-type': type, ...own }, '--x--')
    expect([answer.status, codeOf(answer)]).toEqual([415, 'unsupported_media'])
  })

  test('is 1 MiB and 10 procedures at most', async () => {
    const large = await call({ ...json, ...own }, `{"0":"${'x'.repeat(1024 * 1024)}"}`)
    expect([large.status, codeOf(large)]).toEqual([413, 'too_large'])
    const names = Array.from({ length: 11 }, () => 'me.get').join(',')
    expect((await send(`/api/trpc/${names}?batch=1&input=%7B%7D`)).status).toBe(400)
  })

  test('sign-in takes small bodies of known length from our own pages alone', async () => {
    const sign = (headers: Record<string, string>, body: string) =>
      send('/api/auth/callback/link', { 'content-type': 'application/x-www-form-urlencoded', ...headers }, 'POST', body)
    expect((await sign({ origin: 'http://evil.example' }, 'a=1')).status).toBe(403)
    expect((await sign(own, 'x'.repeat(70_000))).status).toBe(413)
    expect((await sign({ ...own, 'transfer-encoding': 'chunked' }, 'a=1')).status).toBe(400)
  })
})

test('keys and cookies that were sent are in no line of the log', async () => {
  const key = `dsc_ing-${'A'.repeat(40)}`
  await send(`/api/v1/projects/p/jobs?token=${key}`, { authorization: `Bearer ${key}`, cookie: 'descent-17110=abcdef' })
  await send(`/api/v1/${key}`, { 'x-request-id': key })
  expect(server.output()).not.toContain(key)
  expect(server.output()).not.toContain('abcdef')
})
