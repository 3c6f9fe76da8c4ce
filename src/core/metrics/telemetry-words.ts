/** What the telemetry of a machine is called and measured in. */
import { formatBytes } from '../format/bytes.ts'
import { formatNumber, formatValue } from '../format/number.ts'
import { isTelemetryKey } from './metric-key.ts'

export type TelemetryUnit = '%' | 'bytes' | 'W' | '°C'

const WORDS: Readonly<Record<string, [word: string, unit: TelemetryUnit]>> = {
  'cpu.util': ['CPU', '%'],
  'mem.pct': ['Memory', '%'],
  'cpu.pressure': ['CPU pressure', '%'],
  'mem.used_bytes': ['Memory used', 'bytes'],
  'proc.mem_bytes': ['Memory of the run', 'bytes'],
  'gpu.util': ['GPU', '%'],
  'gpu.mem_bytes': ['GPU memory used', 'bytes'],
  'gpu.mem_pct': ['GPU memory', '%'],
  'gpu.power_w': ['Power', 'W'],
  'gpu.temp_c': ['Temperature', '°C'],
}

export interface Telemetry {
  /** The machine; empty where the key names none. */
  node: string
  /** "GPU 1"; a name that is not known stands as it is. */
  word: string
  /** Null: nobody told it. */
  unit: TelemetryUnit | null
}

/** A key of telemetry read: `system/{node}/gpu.1.util` is "GPU 1" in percent; null for what a program logged itself. */
export function telemetryOf(key: string): Telemetry | null {
  if (!isTelemetryKey(key)) return null
  const [, node = '', ...rest] = key.split('/')
  const name = rest.join('/')
  const index = /(\d+)/.exec(name)?.[1]
  const known = WORDS[name.replace(/[./]?\d+/, '')]
  if (!known) return { node: name === '' ? '' : node, word: name === '' ? node : name, unit: null }
  const [word, unit] = known
  return { node, word: index === undefined ? word : `${word} ${index}`, unit }
}

/** A value in its unit, the unit beside it: bytes carry theirs within. */
export function telemetryValue(value: number, unit: TelemetryUnit | null): { value: string; unit: string } {
  if (unit === 'bytes') return { value: formatBytes(value), unit: '' }
  return { value: unit === '%' ? formatNumber(value, 1) : formatValue(value), unit: unit ?? '' }
}
