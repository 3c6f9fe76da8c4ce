/** What a search can name in a project: its keys with what they hold, and values of one of them. */
import * as z from 'zod'

export const SEARCH_KEYS_MAX = 50
export const KEY_KINDS = ['number', 'text', 'boolean', 'mixed', 'moment', 'duration'] as const

export const SearchKeysInput = z.object({
  /** Part of a key; what begins with it comes first. Empty: the fields of every run, then the most common keys. */
  text: z.string().max(600).default(''),
  limit: z.number().int().min(1).max(SEARCH_KEYS_MAX).default(20),
})
export type SearchKeysInput = z.infer<typeof SearchKeysInput>

export const SearchKey = z.object({
  /** As the grammar writes it. */
  field: z.string(),
  kind: z.enum(KEY_KINDS),
  /** Runs that have a value. */
  runs: z.number().int(),
  /** Of numbers. */
  range: z.tuple([z.number(), z.number()]).nullable(),
  /** The most common texts or truths of the newest runs that have one. */
  values: z.array(z.string()),
  /** Runs in equal parts of the range, or with each of `values`; of the newest runs that have a value. */
  bars: z.array(z.number().int()).max(16),
})
export type SearchKey = z.infer<typeof SearchKey>

export const SearchKeys = z.object({
  entries: z.array(SearchKey),
  /** Keys that fit, of which these are the first. */
  found: z.number().int(),
})
export type SearchKeys = z.infer<typeof SearchKeys>

export const SearchValuesInput = z.object({
  field: z.string().min(1).max(600),
  text: z.string().max(500).default(''),
  limit: z.number().int().min(1).max(100).default(20),
})
export type SearchValuesInput = z.infer<typeof SearchValuesInput>

export const SearchValues = z.object({
  values: z.array(z.object({ value: z.union([z.number(), z.string(), z.boolean()]), runs: z.number().int() })),
})
export type SearchValues = z.infer<typeof SearchValues>
