// Calls of /api/v1 that outlast a restart of the server.
import { randomUUID } from 'node:crypto'

const PATIENCE_MS = 60_000

/** `call(method, path, body)` gives the answer's JSON; refusals throw their detail, a server that is away is asked again for a minute. */
export function openApi(server, key) {
  const call = async (method, path, body, headers = {}) => {
    const idempotency = method === 'POST' && !headers['X-Stream'] ? { 'Idempotency-Key': randomUUID() } : {}
    for (const end = Date.now() + PATIENCE_MS; ; ) {
      const answer = await fetch(`${server}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...idempotency, ...headers },
        body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      }).catch((error) => ({ ok: false, status: 0, json: async () => ({ detail: error.message }) }))
      if (answer.ok) return answer.status === 204 ? null : answer.json()
      const problem = await answer.json().catch(() => ({}))
      const again = answer.status === 0 || answer.status === 429 || answer.status >= 502
      if (!again || Date.now() > end)
        throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${problem.detail ?? ''}`), {
          status: answer.status,
          problem,
        })
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  return {
    get: (path) => call('GET', path),
    put: (path, body) => call('PUT', path, body),
    post: (path, body, headers) => call('POST', path, body, headers),
  }
}
