/**
 * Calls of tRPC over HTTP, as its own client makes them: questions of one moment share a request, and a long one goes alone, as a body.
 * Its client holds links, streams and transformers that no page uses, in the first script of every page.
 */
import { CallError } from './call-error.ts'

export type CallKind = 'query' | 'mutation'
/** Calls a procedure. Throws a `CallError`. */
export type Call = (kind: CallKind, path: string, input: unknown) => Promise<unknown>

/** Characters of an address. */
const ADDRESS_MAX = 4_000
const TOGETHER_MAX = 10

interface Waiting {
  path: string
  input: unknown
  resolve: (answer: unknown) => void
  reject: (error: CallError) => void
}

/** @param url where the procedures are, without a slash at its end */
export function makeCall(url: string): Call {
  const waiting: Record<CallKind, Waiting[]> = { query: [], mutation: [] }
  const sendAll = (kind: CallKind) => {
    for (const group of groupsOf(waiting[kind].splice(0), (some) => addressOf(url, kind, some).length))
      void send(url, kind, group)
  }
  return (kind, path, input) => {
    if (kind === 'query' && encodeURIComponent(JSON.stringify(input ?? null)).length > ADDRESS_MAX - 200)
      return request(`${url}/${path}`, JSON.stringify(input)).then(readAnswer)
    return new Promise((resolve, reject) => {
      if (waiting[kind].push({ path, input, resolve, reject }) === 1) setTimeout(() => sendAll(kind))
    })
  }
}

/** In the order in which they came: as many together as fit into one address. */
function groupsOf(calls: readonly Waiting[], lengthOf: (some: readonly Waiting[]) => number): Waiting[][] {
  const groups: Waiting[][] = []
  for (const call of calls) {
    const last = groups.at(-1)
    if (last && last.length < TOGETHER_MAX && lengthOf([...last, call]) <= ADDRESS_MAX) last.push(call)
    else groups.push([call])
  }
  return groups
}

const inputsOf = (group: readonly Waiting[]): string =>
  JSON.stringify(Object.fromEntries(group.map(({ input }, i) => [i, input])))

function addressOf(url: string, kind: CallKind, group: readonly Waiting[]): string {
  const address = `${url}/${group.map(({ path }) => path).join(',')}?batch=1`
  return kind === 'query' ? `${address}&input=${encodeURIComponent(inputsOf(group))}` : address
}

async function send(url: string, kind: CallKind, group: readonly Waiting[]): Promise<void> {
  try {
    const body = kind === 'mutation' ? inputsOf(group) : undefined
    const answers = await request(addressOf(url, kind, group), body)
    group.forEach((call, i) => {
      try {
        call.resolve(readAnswer(Array.isArray(answers) ? answers[i] : answers))
      } catch (error) {
        call.reject(error as CallError)
      }
    })
  } catch (error) {
    for (const call of group) call.reject(error as CallError)
  }
}

async function request(address: string, body: string | undefined): Promise<unknown> {
  try {
    const answer = await fetch(
      address,
      body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body },
    )
    return await answer.json()
  } catch (cause) {
    throw new CallError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** The result of one call. @throws CallError where the server refused */
function readAnswer(answer: unknown): unknown {
  if (isRecord(answer) && isRecord(answer.result)) return answer.result.data
  if (isRecord(answer) && isRecord(answer.error))
    throw new CallError(String(answer.error.message ?? 'The server refused.'), { data: answer.error.data })
  throw new CallError('The answer of the server cannot be read.')
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
