/** What a link to the page carries. */
import { parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'
import { REFERENCE_ROLES } from '#src/core/decisions/decisions.ts'
import { FLIP_KINDS } from '#src/core/evaluations/matrix-kinds.ts'

export const ADDRESS = {
  sibling: parseAsInteger,
  /** Of the flips: against which stage, on which benchmark, which way, which item. */
  to: parseAsStringLiteral(REFERENCE_ROLES).withDefault('parent'),
  bench: parseAsString,
  flip: parseAsStringLiteral(FLIP_KINDS),
  item: parseAsInteger.withDefault(0),
}

export interface DecisionPlace {
  workspace: string
  project: string
  number: number
}
