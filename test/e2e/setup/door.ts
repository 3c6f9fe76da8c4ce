/** The native door, as a training script uses it. */
import { serverUrl } from './on-the-box.ts'

export interface Door {
  /** Sends JSON; the answer's JSON. Fails the test on a refusal, with its sentence. */
  send<T>(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown, headers?: Record<string, string>): Promise<T>
}

/** A door under a key. */
export function openDoor(key: string | null): Door {
  return {
    async send<T>(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown, headers: Record<string, string> = {}) {
      const answer = await fetch(`${serverUrl()}/api/v1${path}`, {
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
  }
}
