/** The native door, as a training script uses it. */
import { serverUrl } from './on-the-box.ts'

export interface Door {
  /** Sends JSON; the answer's JSON. Fails the test on a refusal, with its sentence. */
  send<T>(
    method: 'GET' | 'PUT' | 'POST' | 'PATCH',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T>
  /** Puts bytes, such as a part of an upload. */
  sendBytes(path: string, bytes: Uint8Array): Promise<void>
}

/** A door under a key: of the server that the set-up started, or of another one by its origin. */
export function openDoor(key: string | null, origin: () => string = serverUrl): Door {
  return {
    async send<T>(
      method: 'GET' | 'PUT' | 'POST' | 'PATCH',
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) {
      const answer = await fetch(`${origin()}/api/v1${path}`, {
        method,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`)
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    async sendBytes(path, bytes) {
      const answer = await fetch(`${origin()}/api/v1${path}`, {
        method: 'PUT',
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          'content-type': 'application/octet-stream',
        },
        body: new Uint8Array(bytes),
      })
      if (!answer.ok) throw new Error(`PUT ${path} was answered ${answer.status}: ${await answer.text()}`)
    },
  }
}
