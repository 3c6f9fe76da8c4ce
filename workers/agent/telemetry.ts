import { randomUUID } from 'node:crypto'
import type { AgentLoad } from '#src/protocol/agents.ts'
import type { Gpu } from './gpus.ts'
import { groupMemory } from './sample-machine.ts'
import { type Server, ServerAway } from './server.ts'

export type Sample = AgentLoad & { gpuList?: Gpu[] }

/** Samples that wait while the server is away; the oldest are dropped, as telemetry may be. */
const WAITING_MAX = 360
const BATCH_MAX = 60

/** Values of one sample under the names of the vocabulary; what a sensor does not give is left out. */
export function telemetryPoints(node: string, sample: Sample, group: number | null): Record<string, number> {
  const points: Record<string, number> = {}
  const put = (name: string, value: number | null | undefined): void => {
    if (value !== null && value !== undefined && Number.isFinite(value)) points[`system/${node}/${name}`] = value
  }
  put('cpu.util', sample.cpu_pct)
  put('cpu.pressure', sample.pressure_cpu_some)
  put('mem.used_bytes', sample.mem_used_bytes)
  if (sample.mem_used_bytes !== null && sample.mem_total_bytes)
    put('mem.pct', (100 * sample.mem_used_bytes) / sample.mem_total_bytes)
  if (group !== null) put('proc.mem_bytes', groupMemory(group))
  for (const [i, gpu] of (sample.gpuList ?? []).entries()) {
    put(`gpu.${i}.util`, gpu.util)
    put(`gpu.${i}.mem_bytes`, gpu.usedBytes)
    if (gpu.usedBytes !== null && gpu.memoryBytes) put(`gpu.${i}.mem_pct`, (100 * gpu.usedBytes) / gpu.memoryBytes)
    put(`gpu.${i}.power_w`, gpu.powerW)
    put(`gpu.${i}.temp_c`, gpu.tempC)
  }
  return points
}

export interface TelemetryTarget {
  server: Server
  run: string
  attempt: number
  fence: number
  token: string
  /** When the program started, ms: the zero of the axis. */
  startedAtMs: number
}

/**
 * Sends the machine's samples to one run, on a stream of its own. It may drop: a refusal ends it, an absence keeps the newest
 * samples.
 */
export function openTelemetry(target: TelemetryTarget): {
  add(sample: Sample, points: Record<string, number>): Promise<void>
} {
  const stream = randomUUID()
  const waiting: { step: number; t: number; points: Record<string, number> }[] = []
  /** A batch whose fate is unknown is sent again with the same number and the same bytes. */
  let inFlight: { seq: number; n: number; body: string } | null = null
  let seq = 0
  let sending = false
  let refused = false

  const flush = async (): Promise<void> => {
    while (waiting.length > 0 && !refused) {
      if (!inFlight) {
        const rows = waiting.slice(0, BATCH_MAX)
        seq += 1
        inFlight = { seq, n: rows.length, body: JSON.stringify({ groups: rows.map(toGroup) }) }
      }
      await target.server.call(`/runs/${target.run}/telemetry`, {
        token: target.token,
        body: inFlight.body,
        headers: {
          'x-stream': stream,
          'x-seq': String(inFlight.seq),
          'x-attempt': String(target.attempt),
          'x-fence': String(target.fence),
        },
        timeoutMs: 10_000,
      })
      waiting.splice(0, inFlight.n)
      inFlight = null
    }
  }

  return {
    add: async (sample, points) => {
      if (refused || Object.keys(points).length === 0) return
      waiting.push({ step: Math.max(0, sample.t - target.startedAtMs), t: sample.t, points })
      // What is in flight keeps its place.
      if (waiting.length > WAITING_MAX) waiting.splice(inFlight?.n ?? 0, waiting.length - WAITING_MAX)
      if (sending) return
      sending = true
      try {
        await flush()
      } catch (error) {
        refused = !(error instanceof ServerAway)
      } finally {
        sending = false
      }
    },
  }
}

const toGroup = ({ step, t, points }: { step: number; t: number; points: Record<string, number> }) => ({
  step: [step],
  t: [t],
  m: Object.fromEntries(Object.entries(points).map(([key, value]) => [key, [value]])),
})
