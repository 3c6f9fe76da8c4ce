import { parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs'
import { X_AXES } from '#src/core/metrics/chart-choices.ts'
import { STATS } from './sides-parts.tsx'

/** What a link to a comparison carries besides what is compared. */
export const SIDES_VIEW = {
  all: parseAsBoolean.withDefault(false),
  rows: parseAsString.withDefault(''),
  stat: parseAsStringLiteral(STATS).withDefault('last'),
  across: parseAsString,
  up: parseAsString,
  left: parseAsString,
  right: parseAsString,
  text: parseAsString,
}

/** What the charts of a comparison lie over; media stand at the step of their crosshair. */
export const CHARTS_VIEW = { x: parseAsStringLiteral(X_AXES).withDefault('step') }
