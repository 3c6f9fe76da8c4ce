/** Shapes that every resource shares: names, ids, counts, times. */
import './no-eval.ts'
import * as z from 'zod'

/** The version that requests and answers carry in X-Descent-Protocol; the server serves this one and the one before. */
export const PROTOCOL_VERSION = 1

export const Slug = z
  .string()
  .min(1)
  .max(64)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit',
  )
  .meta({ description: 'Lower-case ASCII words joined by hyphens', example: 'lifecycle' })

/** A UUID, with or without dashes; read as the dashed form. */
export const Uid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/, 'must be a UUID')
  .transform((v) =>
    v
      .replaceAll('-', '')
      .toLowerCase()
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  )
  .meta({ type: 'string', format: 'uuid' })

/** An integer from 0 below 2^53. */
export const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** The number of a run in its project. */
export const RunNumber = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1)

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')

/** A number in a query. An empty text is none: where 0 means something, what was left out must not become it. */
export const QueryNumber = z.union([z.number(), z.string().trim().min(1, 'must be a number')]).pipe(z.coerce.number())

/** RFC 3339 in UTC. */
export const Instant = z.iso.datetime({ offset: true }).meta({ format: 'date-time' })

/** An experiment of a project: its number or its slug. */
export const ExperimentName = z.union([z.number().int().min(1), z.string().min(1).max(64)])

export const Name = z.string().trim().min(1).max(200)

/** Free JSON, bounded by the body's limit. */
export const Json = z.record(z.string(), z.unknown())

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().optional() })

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100).meta({ type: 'integer' }),
  cursor: z.string().max(512).optional(),
})
