import { parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs'
import { STATS } from './sides-parts.tsx'

/** What a link to a comparison carries besides what is compared. */
export const SIDES_VIEW = {
  all: parseAsBoolean.withDefault(false),
  rows: parseAsString.withDefault(''),
  stat: parseAsStringLiteral(STATS).withDefault('last'),
  metric: parseAsString,
  across: parseAsString,
  up: parseAsString,
  left: parseAsString,
  right: parseAsString,
  text: parseAsString,
}
