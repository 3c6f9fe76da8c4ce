import fs from 'node:fs'
import os from 'node:os'
import type { Gpu } from './gpus.ts'

/** What this machine is. What it does not say is null, never an invented value. */
export function describeMachine(gpus: readonly Gpu[]) {
  const cpus = os.cpus()
  return {
    cpus: os.availableParallelism(),
    cpu_model: cpuModel(cpus[0]?.model) ?? `${os.arch()} CPU`,
    memory_bytes: memoryBytes(),
    gpus: gpus.map(({ uuid, name, memoryBytes: memory_bytes }) => ({ uuid, name, memory_bytes })),
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
  }
}

const cpuModel = (model: string | undefined): string | null => model?.replaceAll(/\s+/g, ' ').trim() || null

/** The container's limit where there is one, else the machine's memory. */
export function memoryBytes(): number {
  const total = os.totalmem()
  for (const file of ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']) {
    const limit = Number(readText(file))
    if (limit > 0 && limit < total) return limit
  }
  return total
}

/** A file of /proc or /sys; '' where it does not exist. */
export function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
