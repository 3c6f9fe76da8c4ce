/** Zod would probe `new Function`, which the content security policy reports. Imported before anything that makes a shape. */
import { config } from 'zod'

config({ jitless: true })
