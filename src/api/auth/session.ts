import { decode } from 'next-auth/jwt'

/** How the sign-in cookie is named and signed; one name is accepted, the one in force. */
export interface CookieSettings {
  name: string
  secret: string
  secure: boolean
}

/**
 * The cookie's settings for a public URL. Cookies ignore ports, so over plain http the port is part of the name: two servers on one
 * machine do not sign each other out.
 */
export function cookieSettings(publicUrl: string, secret: string): CookieSettings {
  const url = new URL(publicUrl)
  const secure = url.protocol === 'https:'
  return { name: secure ? '__Host-descent' : `descent-${url.port || '80'}`, secret, secure }
}

/**
 * The session id in a request's cookies; null for none, a foreign, a malformed or an expired one. Total: it never throws.
 *
 * @param cookieHeader the whole `Cookie` header
 */
export async function readSessionId(
  cookieHeader: string | null | undefined,
  settings: CookieSettings,
): Promise<string | null> {
  const token = cookieNamed(cookieHeader ?? '', settings.name)
  if (token === null) return null
  try {
    const claims = await decode({ token, secret: settings.secret })
    return typeof claims?.sid === 'string' ? claims.sid : null
  } catch {
    return null
  }
}

function cookieNamed(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return null
}
