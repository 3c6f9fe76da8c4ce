import { createHash, randomInt } from 'node:crypto'
import { BASE62, formatToken, TOKEN_ID_LENGTH, TOKEN_SECRET_LENGTH, type TokenType } from '../../core/auth/token.ts'

/** A token that was just made. `token` is shown once; the rest goes into the row. */
export interface NewToken {
  token: string
  publicId: string
  /** SHA-256 of the secret, hex: the secret has full entropy, so nothing slower is needed. */
  secretHash: string
  lastFour: string
}

/** Makes a token of a type, from the system's random numbers. */
export function newToken(type: TokenType): NewToken {
  const publicId = randomWord(TOKEN_ID_LENGTH)
  const secret = randomWord(TOKEN_SECRET_LENGTH)
  const token = formatToken({ type, id: publicId, secret })
  return { token, publicId, secretHash: hashSecret(secret), lastFour: token.slice(-4) }
}

/** As stored in `secret_hash` and `token_hash`. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

function randomWord(length: number): string {
  let word = ''
  for (let i = 0; i < length; i++) word += BASE62.charAt(randomInt(BASE62.length))
  return word
}
