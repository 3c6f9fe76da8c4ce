import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { KEYS, makeBodies } from './bodies.ts'

export interface Limits {
  /** JSON.parse of a 1,000-point body and nothing else. */
  parsedPointsPerSecond: number
  /** 1 MiB written and synced, one after another. */
  syncedBytesPerSecond: number
  /** 512 bytes written and synced, one after another. */
  syncsPerSecond: number
}

/** What the parts can do by themselves: no store is faster than these. */
export function benchLimits(): Limits {
  const bodies = makeBodies(50)
  const texts = bodies.map((body) => body(0))
  return {
    parsedPointsPerSecond: Math.round(
      perSecond(1, (i) => void JSON.parse(texts[i % texts.length] as string)) * 50 * KEYS,
    ),
    ...disk(),
  }
}

function disk(): Pick<Limits, 'syncedBytesPerSecond' | 'syncsPerSecond'> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'descent-bench-'))
  const file = openSync(path.join(folder, 'written'), 'w')
  const write = (bytes: Buffer) => () => {
    writeSync(file, bytes)
    fsyncSync(file)
  }
  try {
    const large = Buffer.alloc(2 ** 20, 1)
    return {
      syncedBytesPerSecond: Math.round(perSecond(1, write(large)) * large.length),
      syncsPerSecond: Math.round(perSecond(1, write(Buffer.alloc(512, 1)))),
    }
  } finally {
    closeSync(file)
    rmSync(folder, { recursive: true, force: true })
  }
}

function perSecond(seconds: number, work: (i: number) => void): number {
  const began = performance.now()
  let n = 0
  while (performance.now() - began < seconds * 1_000) work(n++)
  return n / ((performance.now() - began) / 1_000)
}
