/** API keys on the wire of the settings pages and the command line. */
import * as z from 'zod'
import { KEY_SCOPES } from '../core/roles/permissions.ts'
import { Instant, Name, Slug } from './words.ts'

export const KeyInput = z.object({
  /** Absent: bound to the whole workspace, by choice. */
  project: Slug.nullish(),
  scope: z.enum(KEY_SCOPES),
  name: Name,
  expires_at: Instant.nullish(),
})
export type KeyInput = z.infer<typeof KeyInput>

/** What is known of a key after it was shown: never the key. */
export const Key = z
  .object({
    id: z.string().meta({ description: 'the public part, as in dsc_ing-ID…' }),
    /** `dsc_ing-` and the public part. */
    prefix: z.string(),
    last_four: z.string(),
    scope: z.enum(KEY_SCOPES),
    name: z.string(),
    project: Slug.nullable(),
    created_by: z.string(),
    created_at: Instant,
    expires_at: Instant.nullable(),
    last_used_at: Instant.nullable(),
    state: z.enum(['active', 'expired', 'revoked']),
    /** May the caller revoke it? */
    mine: z.boolean(),
  })
  .meta({ id: 'Key' })
export type Key = z.infer<typeof Key>

export const MintedKey = z
  .object({
    key: z.string().meta({ description: 'shown once' }),
    id: z.string(),
    scope: z.enum(KEY_SCOPES),
    name: z.string(),
    project: Slug.nullable(),
    expires_at: Instant.nullable(),
  })
  .meta({ id: 'MintedKey' })
export type MintedKey = z.infer<typeof MintedKey>
