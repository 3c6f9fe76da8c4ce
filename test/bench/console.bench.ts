import { packLines } from '#src/core/metrics/console-chunk.ts'
import { insertChunks } from '#src/db/queries/console/insert-chunks.ts'
import type { Product } from './product.ts'
import { makeBenchWorld } from './world.ts'

export interface ConsoleFigures {
  lines: number
  megabytes: number
  /** Its last 1,000 lines, as a page asks for them, ms: the first time and the median of nine. */
  endFirstMs: number
  endMs: number
  /** What is looked for, how many lines matched, and ms: median and longest of five. */
  searches: { what: string; matches: number; ms: number; longestMs: number }[]
}

const LINES = 1_000_000
const CHUNK_LINES = 800
const ESC = '\u001b'

/** Searches as they are typed: rare and frequent, in either case, coloured, patterns. */
const SEARCHES: readonly Record<string, string>[] = [
  { q: 'OutOfMemoryError' },
  { q: 'outofmemoryerror', exact: 'true' },
  { q: 'loss' },
  { q: 'nothing like it' },
  { q: 'größe' },
  { q: 'loss 2\\.[0-4]\\d+ .*grad_norm 1\\.9', regex: 'true' },
  { q: '^step \\d+00 ', regex: 'true' },
]

/** A console of a million lines through the door: opened at its end and looked through whole. */
export async function benchConsole(product: Product): Promise<ConsoleFigures> {
  const { sql } = product.clients
  const world = await makeBenchWorld(sql, 1)
  const run = world.runs[0] ?? { id: 0, uid: '' }
  let bytes = 0
  for (let from = 0; from < LINES; from += CHUNK_LINES) {
    const data = packLines(
      Array.from({ length: CHUNK_LINES }, (_, i) => ({ t: from + i, fd: 1, text: lineOf(from + i) })),
    )
    bytes += data.length
    const seq = from / CHUNK_LINES + 1
    await insertChunks(sql, run.id, [
      { stream: 1, seq, attempt: 1, fence: 0, lines: CHUNK_LINES, t0: from, t1: from + CHUNK_LINES, data },
    ])
  }
  await sql`analyze console_chunk`
  const ask = async (path: string) => {
    const began = performance.now()
    const answer = await fetch(`http://127.0.0.1:${product.port}/api/v1/runs/${run.uid}/logs${path}`, {
      headers: { authorization: `Bearer ${world.readKey}` },
    })
    const body = (await answer.json()) as { matches?: number; lines?: unknown[] }
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(body)}`)
    return { ms: performance.now() - began, body }
  }
  const times = async (path: string, n: number) => {
    const all: number[] = []
    let matches = 0
    for (let i = 0; i < n; i++) {
      const { ms, body } = await ask(path)
      all.push(ms)
      matches = body.matches ?? 0
    }
    return {
      first: round(all[0]),
      median: round(all.toSorted((a, b) => a - b)[n >> 1]),
      longest: round(Math.max(...all)),
      matches,
    }
  }
  const end = await times('?tail=true&limit=1000', 9)
  const searches: ConsoleFigures['searches'] = []
  for (const search of SEARCHES) {
    const { median, longest, matches } = await times(`/matches?${new URLSearchParams(search)}`, 5)
    searches.push({ what: Object.values(search).join(' '), matches, ms: median, longestMs: longest })
  }
  return { lines: LINES, megabytes: round(bytes / 1e6), endFirstMs: end.first, endMs: end.median, searches }
}

const round = (value = 0): number => Number(value.toFixed(1))

/** As a training loop prints it: numbers, a warning in colour now and then, one failure. */
function lineOf(n: number): string {
  if (n === 423_117) return 'torch.OutOfMemoryError: tried to allocate 2.00 GiB, größe unbekannt'
  if (n % 1_000 === 7) return `${ESC}[33mwarning${ESC}[0m: the data loader waited ${n % 91} ms`
  return `step ${n}  loss ${(2 + Math.sin(n)).toFixed(4)}  lr 4.72e-4  grad_norm ${(1 + Math.abs(Math.cos(n))).toFixed(3)}  10304 tok/s`
}
