/** Calls of `/api/v1` by commands: the key from DESCENT_API_KEY, answers as their shapes, refusals as sentences. */
import type * as z from 'zod'

/** What the server said no to. */
export class DoorRefusal extends Error {
  override readonly name = 'DoorRefusal'
  readonly status: number
  readonly code: string
  /** JSON pointers of the fields that were refused. */
  readonly pointers: readonly string[]

  constructor(message: string, status: number, code: string, pointers: readonly string[]) {
    super(message)
    this.status = status
    this.code = code
    this.pointers = pointers
  }
}

export interface Door {
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>
  /** @throws DoorRefusal; Error when the server cannot be reached */
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown, shape: z.ZodType<T>): Promise<T>
}

/**
 * The door of a server.
 *
 * @param need what the key must be allowed to, and the scope that has it: it is told when there is no key
 * @throws Error without DESCENT_API_KEY
 */
export function openDoor(server: string, need: { to: string; scope: string }): Door {
  const key = process.env.DESCENT_API_KEY
  if (!key)
    throw new Error(
      `Set DESCENT_API_KEY to a key that may ${need.to} (npx descent admin key create --scope ${need.scope}).`,
    )
  const call = async <T>(path: string, init: RequestInit, shape: z.ZodType<T>): Promise<T> => {
    const answer = await fetch(`${server.replace(/\/+$/, '')}/api/v1${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${key}`, 'accept-encoding': 'identity' },
    }).catch((error: Error) => {
      throw new Error(
        `The server at ${server} does not answer (${error.message}). Start it with npm start, or name it in --server.`,
      )
    })
    if (!answer.ok) throw await refusalOf(answer)
    return shape.parse(await answer.json())
  }
  return {
    get: (path, shape) => call(path, {}, shape),
    send: (method, path, body, shape) =>
      call(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, shape),
  }
}

async function refusalOf(answer: Response): Promise<DoorRefusal> {
  const problem = (await answer.json().catch(() => ({}))) as {
    code?: string
    detail?: string
    errors?: { pointer: string; message: string }[]
  }
  const pointers = (problem.errors ?? []).map((error) => error.pointer)
  const detail = problem.detail ?? `The server answered ${answer.status}.`
  return new DoorRefusal(detail, answer.status, problem.code ?? '', pointers)
}
