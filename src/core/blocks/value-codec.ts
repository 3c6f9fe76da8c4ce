/**
 * Values of a sealed block, in the cheapest form that gives every bit back but the payload of a NaN:
 *
 *   u8 0  one value for all: f64
 *   u8 1  decimals: u8 e | u32 bytes, delta varint of value × 10^e (after ALP, Afroozeh et al., SIGMOD 2023)
 *   u8 2  n × f32, where that loses nothing
 *   u8 3  n × f64
 */
import { encodeDeltas, PackedFormatError } from '../metrics/delta-varint.ts'
import { scratchDoubles } from '../metrics/scratch.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

export type Values = Float32Array | Float64Array

const CONSTANT = 0
const DECIMAL = 1
const FLOAT32 = 2
const FLOAT64 = 3

const POWERS = Array.from({ length: 15 }, (_, e) => 10 ** e)
/** Scaled integers stay below this, so that their differences are exact. */
const SCALED_MAX = 2 ** 51

export function writeValues(out: ByteWriter, values: Values): void {
  if (isConstant(values)) {
    out.u8(CONSTANT)
    out.f64(values[0] ?? 0)
    return
  }
  const isNarrow = isExactInFloat32(values)
  const e = decimalPlaces(values)
  if (e !== null) {
    const scale = POWERS[e] as number
    const scaled = scratchDoubles(values.length)
    for (let i = 0; i < values.length; i++) scaled[i] = Math.round((values[i] as number) * scale)
    const packed = encodeDeltas(scaled, values.length)
    if (packed.length + 5 < values.length * (isNarrow ? 4 : 8)) {
      out.u8(DECIMAL)
      out.u8(e)
      out.u32(packed.length)
      out.bytes(packed)
      return
    }
  }
  out.u8(isNarrow ? FLOAT32 : FLOAT64)
  if (isNarrow) out.singles(values)
  else out.array(values)
}

/** @throws PackedFormatError */
export function readValues(reader: ByteReader, n: number): Values {
  const kind = reader.u8()
  switch (kind) {
    case CONSTANT:
      return new Float64Array(n).fill(reader.f64())
    case DECIMAL: {
      const scale = POWERS[reader.u8()]
      if (scale === undefined) throw new PackedFormatError('A block of decimals has an exponent that none has.')
      const values = reader.deltas(n)
      if (scale !== 1) for (let i = 0; i < n; i++) values[i] = (values[i] as number) / scale
      return values
    }
    case FLOAT32:
      return reader.floats(n, 4)
    case FLOAT64:
      return reader.floats(n, 8)
    default:
      throw new PackedFormatError(`Values cannot begin with byte ${kind}.`)
  }
}

/** Does a 32-bit float hold each of these? NaN counts as held. */
export function isExactInFloat32(values: Values): boolean {
  if (values instanceof Float32Array) return true
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Math.fround(value) !== value && !Number.isNaN(value)) return false
  }
  return true
}

function isConstant(values: Values): boolean {
  const first = values[0] as number
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], first)) return false
  return true
}

/** The smallest e with round(v × 10^e) ÷ 10^e = v for all; null when there is none, or −0, NaN, ±Infinity are among them. */
function decimalPlaces(values: Values): number | null {
  let e = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (!(Math.abs(value) < 1e15) || Object.is(value, -0)) return null
    while (!isScaled(value, e)) if (++e >= POWERS.length) return null
  }
  if (e === 0) return 0
  for (let i = 0; i < values.length; i++) if (!isScaled(values[i] as number, e)) return null
  return e
}

function isScaled(value: number, e: number): boolean {
  const scale = POWERS[e] as number
  const scaled = Math.round(value * scale)
  return Math.abs(scaled) < SCALED_MAX && scaled / scale === value && !(scaled === 0 && value !== 0)
}
