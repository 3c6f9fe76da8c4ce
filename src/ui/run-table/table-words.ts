import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'
import { COLOURED_BY } from '#src/ui/charts/run-colour.ts'

/** What of the page is in sight. */
export const TABLE_PANES = ['both', 'table', 'charts'] as const
export type TablePane = (typeof TABLE_PANES)[number]

/** Share of the width that the table has, percent. */
export const SPLIT_DEFAULT = 55
export const SPLIT_MIN = 25
export const SPLIT_MAX = 80

/** The words of the address that a runs table keeps. */
export const TABLE_WORDS = {
  q: parseAsString.withDefault(''),
  sort: parseAsString.withDefault(''),
  columns: parseAsString,
  group: parseAsString.withDefault(''),
  closed: parseAsString.withDefault(''),
  hide: parseAsString.withDefault(''),
  select: parseAsString.withDefault(''),
  pin: parseAsString.withDefault(''),
  base: parseAsInteger,
  archived: parseAsBoolean.withDefault(false),
  pane: parseAsStringLiteral(TABLE_PANES).withDefault('both'),
  split: parseAsInteger.withDefault(SPLIT_DEFAULT),
  colour: parseAsStringLiteral(COLOURED_BY).withDefault('run'),
}
