/**
 * Zod probes `new Function` when it makes a shape, which the content security policy of pages reports. Imported before anything that
 * makes one; a server goes on with the faster way.
 */
import { config } from 'zod'

if ('document' in globalThis) config({ jitless: true })
