import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { NewsMessage } from '#src/protocol/live.ts'

export interface StreamEvent {
  name: string
  data: string
  atMs: number
}

export interface Reader {
  status: number
  headers: IncomingMessage['headers']
  /** Events so far, comments left out. */
  events: StreamEvent[]
  /** Everything that came. */
  text(): string
  /** Messages of news so far. */
  news(): NewsMessage[]
  /** Settles when the other side has ended or cut the stream. */
  ended: Promise<void>
  close(): void
}

/** Opens an event stream and gathers what it tells. Settles with the answer's head. */
export function openReader(url: string, headers: Record<string, string> = {}): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = request(url, { headers, agent: false }, (answer) => {
      let whole = ''
      let text = ''
      const events: StreamEvent[] = []
      answer.setEncoding('utf8').on('data', (part: string) => {
        whole += part
        text += part
        for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
          const block = text.slice(0, at)
          text = text.slice(at + 2)
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
          const data = field('data')
          if (data !== undefined) events.push({ name: field('event') ?? 'message', data, atMs: Date.now() })
        }
      })
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        events,
        text: () => whole,
        news: () => events.filter(({ name }) => name === 'news').map(({ data }) => JSON.parse(data)),
        ended: new Promise((end) => {
          answer.once('close', end)
          answer.on('error', () => {})
        }),
        close: () => sent.destroy(),
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}
