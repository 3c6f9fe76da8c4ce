import type { Actor } from '#src/services/actor.ts'
import type { Services } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import type { AllowedHosts } from './allowed-hosts.ts'
import { acceptedEncoding, refuseAnnouncedLength } from './body.ts'
import type { HeaderReader } from './host.ts'

/** What doors for pages of this server need, which know callers by the session's cookie. */
export interface OwnCallDeps {
  services: Services
  hosts: AllowedHosts
  getActor(headers: HeaderReader): Promise<Actor>
  /** Why the doors are shut at the moment, or null. */
  closed(): Refusal | null
}

/**
 * Refuses a POST that no page of this server would send, before its body is read: a foreign origin, a form, a compressed or too long body.
 *
 * @throws Refusal `forbidden`, `unsupported_media`, `too_large`
 */
export function requireOwnCall({ method, headers }: Request, hosts: AllowedHosts, bytesMax: number): void {
  hosts.requireOwnOrigin({
    method,
    host: headers.get('host') ?? undefined,
    origin: headers.get('origin'),
    fetchSite: headers.get('sec-fetch-site'),
  })
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new Refusal('unsupported_media', `Content-Type is "${type ?? ''}"; this takes application/json.`)
  if (acceptedEncoding(headers.get('content-encoding')) !== 'identity')
    throw new Refusal('unsupported_media', 'Calls of the browser are sent without Content-Encoding.')
  refuseAnnouncedLength(headers.get('content-length'), bytesMax)
}
