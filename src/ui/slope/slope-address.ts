import { parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs'
import { SLOPE_SCALES } from './prepare-slope.ts'

/** What a link to this view carries besides the path and its fork. */
export const SLOPE_VIEW = {
  scale: parseAsStringLiteral(SLOPE_SCALES).withDefault('normalised'),
  benchmark: parseAsString,
  whole: parseAsBoolean.withDefault(false),
}
