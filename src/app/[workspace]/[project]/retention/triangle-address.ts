import { parseAsBoolean, parseAsStringLiteral } from 'nuqs'
import { DENOMINATORS, WINDOWS } from './triangle-words.ts'

/** What a link to this view carries besides the path. */
export const TRIANGLE_VIEW = {
  over: parseAsStringLiteral(DENOMINATORS).withDefault('before'),
  window: parseAsStringLiteral(WINDOWS).withDefault('own'),
  upper: parseAsBoolean.withDefault(true),
}
