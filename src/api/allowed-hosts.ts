import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from '#src/services/errors.ts'

/** Which host names requests may name. The defence against DNS rebinding and against links made from a foreign name. */
export interface AllowedHosts {
  /** @throws Refusal `wrong_host` */
  require(host: string | undefined): void
  /**
   * Refuses an unsafe request that a cookie could carry in from elsewhere. `SameSite` ignores ports, so a notebook on the same machine
   * counts as the same site: only our own origin passes, and a missing or `null` one is foreign.
   *
   * @throws Refusal `forbidden`
   */
  requireOwnOrigin(request: {
    method: string
    host: string | undefined
    origin: string | null
    fetchSite: string | null
  }): void
  /**
   * Refuses a read with a cookie that did not come from a page of this server. For answers that hold a connection or hand out data
   * outside tRPC. Browsers say where a request comes from by one of three headers; a request with none of them is foreign.
   *
   * @throws Refusal `forbidden`
   */
  requireOwnPage(headers: IncomingHttpHeaders): void
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/**
 * @param options.publicUrl its host is allowed, with its port
 * @param options.port the server's own, under which loopback names are allowed
 * @param options.more names of ALLOWED_HOSTS; one without a port is allowed with every port
 */
export function allowHosts(options: { publicUrl: string; port: number; more: readonly string[] }): AllowedHosts {
  const url = new URL(options.publicUrl)
  const exact = new Set([url.host, ...LOOPBACK_NAMES.map((name) => `${name}:${options.port}`)])
  if (url.port === '') exact.add(`${url.hostname}:${url.protocol === 'https:' ? 443 : 80}`)
  const anyPort = new Set<string>()
  for (const name of options.more) (/:\d+$/.test(name) ? exact : anyPort).add(name)
  const isAllowed = (host: string) => exact.has(host) || anyPort.has(host.replace(/:\d+$/, ''))

  return {
    require: (host) => {
      if (host === undefined || !isAllowed(host.toLowerCase()))
        throw new Refusal(
          'wrong_host',
          `The host name "${(host ?? '').slice(0, 100)}" is not served here. Use ${options.publicUrl}, or add the name to ALLOWED_HOSTS.`,
        )
    },
    requireOwnOrigin: ({ method, host, origin, fetchSite }) => {
      if (SAFE.has(method)) return
      if (fetchSite !== null && fetchSite !== 'same-origin') throw foreign(origin)
      if (origin === null || origin === 'null' || !URL.canParse(origin)) throw foreign(origin)
      const sent = new URL(origin)
      // Behind a proxy that ends TLS the request's own scheme is unknown: host and port decide, and they must be those asked for.
      if (!/^https?:$/.test(sent.protocol) || sent.host !== host?.toLowerCase() || !isAllowed(sent.host))
        throw foreign(origin)
    },
    requireOwnPage: ({ host, origin, referer, 'sec-fetch-site': fetchSite }) => {
      if (fetchSite === 'same-origin') return
      // Over plain http from another machine browsers send no Sec-Fetch-Site, and with a GET no Origin either.
      const from = origin ?? referer
      if (fetchSite !== undefined || from === undefined || !URL.canParse(from)) throw foreign(from ?? null)
      const page = new URL(from)
      if (!/^https?:$/.test(page.protocol) || page.host !== host?.toLowerCase() || !isAllowed(page.host))
        throw foreign(page.origin)
    },
  }
}

const foreign = (origin: string | null) =>
  new Refusal(
    'forbidden',
    `This request came from ${origin === null || origin === 'null' ? 'a page without an origin' : `"${origin.slice(0, 100)}"`}, not from a page of this server. Scripts use /api/v1 with a key.`,
  )
