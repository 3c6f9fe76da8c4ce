/**
 * What the data sheets of accelerators say, and under which name of the price book a machine's own words for its hardware stand. Peaks
 * are dense: data sheets often print the number with 2:4 sparsity, which is twice as much.
 */

export type PeakPrecision = 'bf16' | 'fp16'

export interface DeviceSpec {
  /** The name in the price book. */
  device: string
  /** Dense peak in TFLOPS by precision; absent: not supported or not published. */
  peakTflops: Partial<Record<PeakPrecision, number>>
  memoryGb: number | null
  /** Null: not published. */
  tdpWatts: number | null
}

const spec = (
  device: string,
  peakTflops: DeviceSpec['peakTflops'],
  memoryGb: number | null,
  tdpWatts: number | null,
): DeviceSpec => ({ device, peakTflops, memoryGb, tdpWatts })

/** Vendors' data sheets, in part through tables of others; RTX cards with fp32 accumulation, which halves the printed number. */
export const DEVICE_SPECS: readonly DeviceSpec[] = [
  spec('T4', { fp16: 65 }, 16, 70),
  spec('L4', { bf16: 121, fp16: 121 }, 24, 72),
  spec('A10G', { bf16: 125, fp16: 125 }, 24, 150),
  spec('RTX 3090', { bf16: 71, fp16: 71 }, 24, 350),
  spec('RTX 4090', { bf16: 165, fp16: 165 }, 24, 450),
  spec('RTX 5090', { bf16: 210, fp16: 210 }, 32, 575),
  spec('V100 SXM', { fp16: 125 }, 32, 300),
  spec('A100-40', { bf16: 312, fp16: 312 }, 40, 400),
  spec('A100-80', { bf16: 312, fp16: 312 }, 80, 400),
  spec('L40S', { bf16: 362, fp16: 362 }, 48, 350),
  spec('H100 PCIe', { bf16: 756, fp16: 756 }, 80, 350),
  spec('H100 SXM', { bf16: 989, fp16: 989 }, 80, 700),
  spec('H200', { bf16: 989, fp16: 989 }, 141, 700),
  spec('B200', { bf16: 2250, fp16: 2250 }, 180, 1000),
  spec('MI300X', { bf16: 1307, fp16: 1307 }, 192, 750),
  spec('TPU v5e', { bf16: 197 }, 16, null),
  spec('TPU v5p', { bf16: 459 }, 95, null),
]

/** The name under which CPU cores stand in the price book, whatever their model. */
export const CPU_CORE = 'cpu-core'

/** The data sheet of a device of the price book; null when none is kept. */
export const specOf = (device: string): DeviceSpec | null => DEVICE_SPECS.find((one) => one.device === device) ?? null

/**
 * The name in the price book of what a machine holds. GPUs are known by the words of their drivers (`NVIDIA H100 80GB HBM3`,
 * `Tesla T4`); a name that says too little to tell variants apart, or none that is known, stays as it is and has a price only where the
 * book names it so.
 */
export function bookDevice(kind: 'gpu' | 'cpu', name: string): string {
  if (kind === 'cpu') return CPU_CORE
  return PATTERNS.find(([pattern]) => pattern.test(name))?.[1] ?? name.trim()
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\bH200\b/i, 'H200'],
  [/\bH100\b.*\bPCIe\b/i, 'H100 PCIe'],
  [/\bH100\b.*(\bSXM|\bHBM3\b)/i, 'H100 SXM'],
  [/\bA100\b.*\b80\s?GB\b/i, 'A100-80'],
  [/\bA100\b.*\b40\s?GB\b/i, 'A100-40'],
  [/\bB200\b/i, 'B200'],
  [/\bL40S\b/i, 'L40S'],
  [/\bL4\b/i, 'L4'],
  [/\bA10G\b/i, 'A10G'],
  [/\bV100\b.*SXM/i, 'V100 SXM'],
  [/\bT4\b/i, 'T4'],
  [/\bRTX 3090$/i, 'RTX 3090'],
  [/\bRTX 4090$/i, 'RTX 4090'],
  [/\bRTX 5090$/i, 'RTX 5090'],
  [/\bMI300X\b/i, 'MI300X'],
  [/\bTPU v5e\b/i, 'TPU v5e'],
  [/\bTPU v5p\b/i, 'TPU v5p'],
]
