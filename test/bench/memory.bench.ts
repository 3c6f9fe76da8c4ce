import { setTimeout as pause } from 'node:timers/promises'
import { KEYS } from './bodies.ts'
import { fillRuns } from './fill.ts'
import type { Product } from './product.ts'
import { makeBenchWorld } from './world.ts'

export interface MemoryFigures {
  /** Resident memory of the server before, MB. */
  beforeMB: number
  /** While it took the points, and ten seconds after. */
  mostMB: number
  afterMB: number
  points: number
}

const RUNS = 50
const SECONDS = 3_600

/** What an hour of 50 runs that log 20 keys once a second leaves in the server's memory, sent as fast as it goes. */
export async function benchMemory(product: Product): Promise<MemoryFigures> {
  const megabytes = () => Math.round(product.memory() / 2 ** 20)
  const world = await makeBenchWorld(product.clients.sql, RUNS)
  const beforeMB = megabytes()
  let mostMB = beforeMB
  const looking = setInterval(() => {
    mostMB = Math.max(mostMB, megabytes())
  }, 100)
  const keys = Array.from({ length: KEYS }, (_, k) => `train/key_${k}`)
  await fillRuns(product, world, { runs: world.runs.map((_, i) => i), keys, stepsPerRun: SECONDS, stepsPerBatch: 60 })
  await pause(10_000)
  clearInterval(looking)
  return { beforeMB, mostMB, afterMB: megabytes(), points: RUNS * SECONDS * KEYS }
}
