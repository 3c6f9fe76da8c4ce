import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

const FIELDS = [
  'uuid',
  'name',
  'memory.total',
  'memory.used',
  'utilization.gpu',
  'power.draw',
  'temperature.gpu',
] as const
const MIB = 1024 * 1024

export interface Gpu {
  uuid: string
  name: string
  memoryBytes: number | null
  usedBytes: number | null
  util: number | null
  powerW: number | null
  tempC: number | null
}

/**
 * The GPUs as `nvidia-smi` sees them, in its order; none where it is missing or fails. `[N/A]` and `[Not Supported]` are null.
 */
export async function sampleGpus(program = 'nvidia-smi'): Promise<Gpu[]> {
  const args = [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits']
  try {
    const { stdout } = await run(program, args, { timeout: 5000, maxBuffer: 1024 * 1024 })
    return parseGpus(stdout)
  } catch {
    return []
  }
}

/** Reads the CSV of `nvidia-smi`, one line a GPU, in the order of FIELDS. */
export function parseGpus(csv: string): Gpu[] {
  return csv
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter((cells) => cells.length === FIELDS.length && cells[0] !== '')
    .map(([uuid = '', name = '', total, used, util, power, temp]) => ({
      uuid,
      name,
      memoryBytes: scaled(total, MIB),
      usedBytes: scaled(used, MIB),
      util: scaled(util, 1),
      powerW: scaled(power, 1),
      tempC: scaled(temp, 1),
    }))
}

function scaled(cell: string | undefined, factor: number): number | null {
  if (cell === undefined || cell === '' || cell.startsWith('[')) return null
  const value = Number(cell)
  return Number.isFinite(value) ? value * factor : null
}
