import { Refusal } from '#src/services/errors.ts'

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i
const IN_QUERY = /[?&](?:access_token|api_key|token|key)=dsc_/i

/**
 * The token of an `Authorization: Bearer …` header; null when there is none. Total: whatever was sent, the outcome is a token, null or
 * a refusal.
 *
 * @throws Refusal `unauthenticated` for another scheme, a doubled header or a key in the URL, which ends in logs and histories
 */
export function bearerToken(header: string | undefined, url: string): string | null {
  if (IN_QUERY.test(url))
    throw new Refusal(
      'unauthenticated',
      'A key stood in the URL, where logs keep it. Revoke it and send the next as "Authorization: Bearer …".',
    )
  if (header === undefined) return null
  const token = BEARER.exec(header)?.[1]
  if (token === undefined)
    throw new Refusal(
      'unauthenticated',
      'The Authorization header cannot be read. Send one: "Authorization: Bearer dsc_…".',
    )
  return token
}
