/** Hardware as a run's environment tells it. */
export interface ToldHardware {
  deviceKind: 'gpu' | 'cpu'
  deviceName: string
  count: number
  uuids: string[]
}

/** What a run without an agent holds, from its environment: its GPUs by name, else its CPU cores; empty when it says neither. */
export function toldHardware(environment: Readonly<Record<string, unknown>>): ToldHardware[] {
  const gpus = Array.isArray(environment.gpus) ? environment.gpus.slice(0, 1024).flatMap(readGpu) : []
  const byName = new Map<string, ToldHardware>()
  for (const gpu of gpus) {
    const known = byName.get(gpu.name) ?? { deviceKind: 'gpu' as const, deviceName: gpu.name, count: 0, uuids: [] }
    known.count++
    if (gpu.uuid) known.uuids.push(gpu.uuid)
    byName.set(gpu.name, known)
  }
  if (byName.size > 0) return [...byName.values()]
  const { cpu } = environment
  if (typeof cpu !== 'object' || cpu === null || !('count' in cpu)) return []
  const { count } = cpu
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 100_000) return []
  const model = 'model' in cpu && typeof cpu.model === 'string' && cpu.model ? cpu.model : 'CPU core'
  return [{ deviceKind: 'cpu', deviceName: model.slice(0, 200), count, uuids: [] }]
}

function readGpu(gpu: unknown): { name: string; uuid: string | null }[] {
  if (typeof gpu !== 'object' || gpu === null || !('name' in gpu) || typeof gpu.name !== 'string') return []
  const uuid = 'uuid' in gpu && typeof gpu.uuid === 'string' ? gpu.uuid.slice(0, 100) : null
  return [{ name: gpu.name.slice(0, 200), uuid }]
}
