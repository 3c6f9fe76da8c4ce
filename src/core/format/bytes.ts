const STEPS = [
  [1024 ** 4, 'TiB'],
  [1024 ** 3, 'GiB'],
  [1024 ** 2, 'MiB'],
  [1024, 'KiB'],
] as const

/** Bytes in three significant digits and binary units: 3.61 MiB, 80.0 GiB, 512 B. */
export function formatBytes(bytes: number): string {
  for (const [step, unit] of STEPS) {
    if (bytes < step) continue
    const value = bytes / step
    return `${value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2)} ${unit}`
  }
  return `${Math.round(bytes)} B`
}
