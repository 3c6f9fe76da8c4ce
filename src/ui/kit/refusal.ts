import { problemMember, readFailure } from '#src/ui/trpc-client.tsx'

/** Where a form says why it was refused. */
export interface Refused {
  /** The sentence that belongs to a field, by its path in what was sent, as `points` or `benchmarks/0/tolerance`; null for all others. */
  at: (field: string) => string | null
  /** The sentence when it is about none of the form's fields. */
  elsewhere: string | null
}

const PASSED: Refused = { at: () => null, elsewhere: null }

/**
 * Reads the error of a form's mutation; null and undefined are no refusal. `fields` are the paths that the form shows: a refusal that
 * names another one, or none, stands in the foot. Never throws.
 */
export function refusedBy(error: unknown, fields: readonly string[]): Refused {
  if (error === null || error === undefined) return PASSED
  const { sentence, field: last } = readFailure(error)
  const field = pathOf(error) ?? last
  const isShown = field !== null && fields.includes(field)
  return { at: (asked) => (isShown && asked === field ? sentence : null), elsewhere: isShown ? null : sentence }
}

/** The path of the first error that the server names. */
function pathOf(error: unknown): string | null {
  const errors = problemMember(error, 'errors')
  const first: unknown = Array.isArray(errors) ? errors[0] : null
  const pointer = typeof first === 'object' && first !== null && 'pointer' in first ? first.pointer : null
  return typeof pointer === 'string' && pointer.startsWith('/') ? pointer.slice(1) : null
}
