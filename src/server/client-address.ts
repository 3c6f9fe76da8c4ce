import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

/** The client's address: the socket's, or the one that the trusted proxies in front name. */
export function clientAddress(request: IncomingMessage, trustedHops: number): string | null {
  const forwarded = request.headers['x-forwarded-for']
  const chain = (typeof forwarded === 'string' ? forwarded.split(',') : []).map((part) => part.trim())
  const own = request.socket.remoteAddress ?? null
  return trustedHops === 0 ? own : (chain.at(-trustedHops) ?? own)
}

/** What is kept of an address: /24 of IPv4, /48 of IPv6. */
export function addressPrefix(address: string | null): string | null {
  if (address === null) return null
  const plain = address.replace(/^::ffff:/i, '')
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(plain)) return null
  const head =
    plain
      .split('::')[0]
      ?.split(':')
      .slice(0, 3)
      .filter((part) => part !== '') ?? []
  return `${head.join(':') || ''}::/48`
}
