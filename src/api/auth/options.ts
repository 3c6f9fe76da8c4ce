import type { AuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import { SESSION_DAYS } from '#src/protocol/sessions.ts'
import { getHost } from '../host.ts'

/**
 * next-auth, as thin as possible: one provider that takes a one-time link, and a signed cookie that holds nothing but a session's
 * random id. The authority is the row in our table, looked up at every request.
 */
export function authOptions(): AuthOptions {
  const { cookie, publicUrl } = getHost()
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure: cookie.secure } as const
  return {
    secret: cookie.secret,
    session: { strategy: 'jwt', maxAge: SESSION_DAYS * 86_400 },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    cookies: {
      sessionToken: { name: cookie.name, options },
      csrfToken: { name: `${cookie.name}-csrf`, options },
      callbackUrl: { name: `${cookie.name}-callback`, options },
    },
    providers: [
      CredentialsProvider({
        id: 'link',
        name: 'One-time link',
        credentials: { token: { label: 'Token', type: 'text' } },
        authorize: async (credentials, request) => {
          const found = await getHost().redeemSignInLink({
            token: credentials?.token ?? '',
            userAgent: header(request.headers, 'user-agent'),
            address: header(request.headers, 'x-descent-address'),
          })
          return found && { id: String(found.userId), sid: found.sid }
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ sid: user && 'sid' in user ? user.sid : token.sid }),
      session: async ({ session }) => ({ expires: session.expires }),
      redirect: ({ url }) => {
        const path = url.startsWith(`${publicUrl}/`) ? url.slice(publicUrl.length) : url
        return /^\/(?![/\\])/.test(path) ? publicUrl + path : publicUrl
      },
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token?.sid === 'string') await getHost().endSession(token.sid)
      },
    },
    logger: { error: () => {}, warn: () => {}, debug: () => {} },
  }
}

function header(headers: Record<string, unknown> | undefined, name: string): string | null {
  const value = headers?.[name]
  return typeof value === 'string' ? value : null
}
