/**
 * A version-7 UUID (RFC 9562): 48 bits of milliseconds, then random bits, so that ids sort by age.
 *
 * @param random at least 10 random bytes
 */
export function uuid7(nowMs: number, random: Uint8Array): string {
  const bytes = [...Array(6).keys()]
    .map((i) => Math.floor(nowMs / 2 ** (40 - 8 * i)) % 256)
    .concat(...random.slice(0, 10))
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
