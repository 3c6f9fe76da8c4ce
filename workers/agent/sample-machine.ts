import fs from 'node:fs'
import os from 'node:os'
import type { AgentLoad } from '#src/protocol/agents.ts'
import { type Gpu, sampleGpus } from './gpus.ts'
import { memoryBytes, readText } from './machine.ts'

/** Takes samples of this machine; the first has no CPU use, since that is a difference. */
export function openSampler(hasGpus: boolean): { sample(): Promise<AgentLoad & { gpuList: Gpu[] }> } {
  let before = cpuTimes()
  let first = true
  return {
    sample: async () => {
      const now = cpuTimes()
      const total = now.total - before.total
      const cpu = first || total <= 0 ? null : round((100 * (total - (now.idle - before.idle))) / total)
      before = now
      first = false
      const gpuList = hasGpus ? await sampleGpus() : []
      return {
        t: Date.now(),
        cpu_pct: cpu,
        mem_used_bytes: memoryUsed(),
        mem_total_bytes: memoryBytes(),
        pressure_cpu_some: pressure(),
        gpus: gpuList.map((gpu) => ({
          uuid: gpu.uuid,
          util: gpu.util,
          mem_bytes: gpu.usedBytes,
          power_w: gpu.powerW,
          temp_c: gpu.tempC,
        })),
        gpuList,
      }
    },
  }
}

/** Milliseconds of all cores since boot; time stolen by the host counts as busy where /proc/stat tells it. */
function cpuTimes(): { total: number; idle: number } {
  const line = readText('/proc/stat').split('\n', 1)[0] ?? ''
  const ticks = line.startsWith('cpu ') ? line.trim().split(/\s+/).slice(1, 9).map(Number) : []
  if (ticks.length === 8) return { total: sum(ticks), idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) }
  const times = os.cpus().map((cpu) => cpu.times)
  return { total: sum(times.flatMap((t) => Object.values(t))), idle: sum(times.map((t) => t.idle)) }
}

function memoryUsed(): number {
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(readText('/proc/meminfo'))?.[1]
  return available ? os.totalmem() - Number(available) * 1024 : os.totalmem() - os.freemem()
}

/** Share of the last ten seconds in which somebody waited for a core, percent; null where the kernel does not tell. */
function pressure(): number | null {
  const some = /^some avg10=([\d.]+)/m.exec(readText('/proc/pressure/cpu'))?.[1]
  return some === undefined ? null : Number(some)
}

/** Resident memory of all processes of a group, bytes; null where /proc does not exist. */
export function groupMemory(group: number): number | null {
  let pids: string[]
  try {
    pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return null
  }
  let bytes = 0
  for (const pid of pids) {
    // Fields after the name in brackets: state, parent, group, …, resident pages at the 22nd.
    const rest = readText(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? []
    if (Number(rest[2]) === group) bytes += Number(rest[21] ?? 0) * PAGE_BYTES
  }
  return bytes
}

const PAGE_BYTES = 4096
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const round = (value: number): number => Math.round(value * 10) / 10
