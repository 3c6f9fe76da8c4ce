import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import { outputFiles } from './child.ts'
import { readJsonFile, writePrivate } from './private-files.ts'
import { readNewLines } from './tail-file.ts'

const Cursor = z.object({ seq: z.number().int(), out: z.number().int(), err: z.number().int() })

const BATCH_LINES_MAX = 5000
const BATCH_BYTES_MAX = 512 * 1024

/**
 * The output of a job as numbered batches on disk. A batch is written down, with how far the output was read, before it may be
 * sent: so after any restart the same number always means the same bytes, and nothing is lost while the server is away.
 */
export interface LogSpool {
  /** Turns what the program wrote since the last call into batches; answers how many were added. `atEnd`: nothing follows. */
  collect(atEnd: boolean): number
  /** Numbers of the batches that wait, in order. */
  waiting(): number[]
  read(seq: number): string
  remove(seq: number): void
}

/** Opens the spool of an attempt's folder, as it was left. */
export function openLogSpool(folder: string, logsDir: string): LogSpool {
  const cursorFile = path.join(logsDir, 'cursor.json')
  const known = Cursor.safeParse(readJsonFile(cursorFile))
  const cursor = known.success ? known.data : { seq: 0, out: 0, err: 0 }
  const files = outputFiles(folder)
  const fileOf = (seq: number): string => path.join(logsDir, `${seq}.batch`)
  // A batch beyond the cursor was never sent: its number is given again.
  let waiting = fs
    .readdirSync(logsDir)
    .map((name) => Number(/^(\d+)\.batch$/.exec(name)?.[1] ?? 0))
    .filter((seq) => seq > 0 && seq <= cursor.seq)
    .sort((a, b) => a - b)

  const collectOnce = (atEnd: boolean): number => {
    const before = cursor.out + cursor.err
    const out = { offset: cursor.out }
    const err = { offset: cursor.err }
    const t = Date.now()
    const lines = [
      ...readNewLines(files.out, out, atEnd).map((text) => ({ t, fd: 1, text })),
      ...readNewLines(files.err, err, atEnd).map((text) => ({ t, fd: 2, text })),
    ]
    cursor.out = out.offset
    cursor.err = err.offset
    if (lines.length === 0) return 0
    for (const batch of inBatches(lines)) {
      cursor.seq += 1
      writePrivate(fileOf(cursor.seq), JSON.stringify({ lines: batch }))
      waiting = [...waiting, cursor.seq]
    }
    writePrivate(cursorFile, JSON.stringify(cursor))
    return cursor.out + cursor.err === before ? 0 : lines.length
  }

  return {
    collect: (atEnd) => {
      let added = collectOnce(atEnd)
      if (!atEnd) return added
      for (let more = added; more > 0; added += more) more = collectOnce(true)
      return added
    },
    waiting: () => waiting,
    read: (seq) => fs.readFileSync(fileOf(seq), 'utf8'),
    remove: (seq) => {
      waiting = waiting.filter((other) => other !== seq)
      fs.rmSync(fileOf(seq), { force: true })
    },
  }
}

function inBatches<T extends { text: string }>(lines: readonly T[]): T[][] {
  const batches: T[][] = []
  let batch: T[] = []
  let bytes = 0
  for (const line of lines) {
    if (batch.length >= BATCH_LINES_MAX || bytes > BATCH_BYTES_MAX) {
      batches.push(batch)
      batch = []
      bytes = 0
    }
    batch.push(line)
    bytes += line.text.length
  }
  return [...batches, batch]
}
