/** The labels of an agent that say what hardware it has. */
interface Labels {
  readonly cpus?: number | undefined
  readonly cpu_model?: string | undefined
  readonly gpus?: readonly { uuid: string; name: string }[] | undefined
}

export interface HeldDevices {
  deviceKind: 'gpu' | 'cpu'
  deviceName: string
  /** Devices that one slot holds: GPUs, or CPU cores. */
  count: number
  deviceUuids: string[]
}

/**
 * What one slot of a machine holds: its even share of the GPUs where there are any, else of the CPU cores; one at least.
 */
export function heldDevices(labels: Labels, slots: number): HeldDevices {
  const gpus = labels.gpus ?? []
  const [first] = gpus
  if (first) {
    const count = Math.max(1, Math.floor(gpus.length / slots))
    // Which of the GPUs a slot has is the agent's choice; with one slot it is all of them.
    return { deviceKind: 'gpu', deviceName: first.name, count, deviceUuids: slots === 1 ? gpus.map((g) => g.uuid) : [] }
  }
  return {
    deviceKind: 'cpu',
    deviceName: labels.cpu_model || 'CPU',
    count: Math.max(1, Math.floor((labels.cpus ?? 1) / slots)),
    deviceUuids: [],
  }
}
