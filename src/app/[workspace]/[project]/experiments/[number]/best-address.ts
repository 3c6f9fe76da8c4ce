import { parseAsFloat, parseAsString, parseAsStringLiteral } from 'nuqs'

export const DOUBTS = ['allow', 'exclude'] as const

/** What a link to the stage carries of the rule. */
export const RULE = {
  best: parseAsString,
  doubt: parseAsStringLiteral(DOUBTS).withDefault('allow'),
  floor: parseAsFloat,
}
