/**
 * Bearer tokens: `dsc_<type>-<id10><secret24><crc6>`, base62 after the dash, the last six the CRC-32 of everything before them. The
 * checksum lets a parser refuse noise without a look into the database, and lets scanners find leaked keys.
 */

/** ing, read, adm: API keys; reg: registers an agent; agt: an agent's; job: a training process's. */
export const TOKEN_TYPES = ['ing', 'read', 'adm', 'agt', 'reg', 'job'] as const
export type TokenType = (typeof TOKEN_TYPES)[number]

export const TOKEN_ID_LENGTH = 10
export const TOKEN_SECRET_LENGTH = 24
export const TOKEN_CHECKSUM_LENGTH = 6

/** The pattern of a token anywhere in a text, for redaction and for scanners. */
export const TOKEN_PATTERN = /dsc_(?:ing|read|adm|agt|reg|job)-[A-Za-z0-9]{40}/g

const SHAPE = /^dsc_(ing|read|adm|agt|reg|job)-([A-Za-z0-9]{10})([A-Za-z0-9]{24})([A-Za-z0-9]{6})$/

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export interface Token {
  type: TokenType
  /** Public: stands in the row, in lists and in logs. */
  id: string
  secret: string
}

/** Writes a token with its checksum. */
export function formatToken({ type, id, secret }: Token): string {
  const head = `dsc_${type}-${id}${secret}`
  return head + checksum(head)
}

/** Reads a token; null for whatever is not one, its checksum included. Never throws. */
export function parseToken(text: string): Token | null {
  const match = SHAPE.exec(text)
  if (!match) return null
  const [, type, id, secret, crc] = match
  if (type === undefined || id === undefined || secret === undefined) return null
  if (crc !== checksum(text.slice(0, -TOKEN_CHECKSUM_LENGTH))) return null
  return { type: type as TokenType, id, secret }
}

/** CRC-32 (IEEE 802.3) of ASCII text in base62, six digits. */
function checksum(text: string): string {
  let crc = 0xffffffff
  for (let i = 0; i < text.length; i++) crc = (CRC_TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0) ^ (crc >>> 8)
  let rest = (crc ^ 0xffffffff) >>> 0
  let digits = ''
  for (let i = 0; i < TOKEN_CHECKSUM_LENGTH; i++) {
    digits = BASE62.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})
