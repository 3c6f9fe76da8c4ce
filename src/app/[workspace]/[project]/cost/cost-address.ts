/** What a link to the cost page carries. */
import {
  type inferParserType,
  parseAsBoolean,
  parseAsFloat,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs'
import type { LineageCost } from '#src/protocol/cost.ts'
import { COST_UNITS } from '#src/ui/cost/cost-units.ts'
import { AXIS_SCALES, PARETO_X } from '#src/ui/cost/prepare-pareto.ts'

export const TABS = ['stages', 'hardware', 'time', 'plan', 'bases', 'storage', 'entries', 'kept'] as const
export type Tab = (typeof TABS)[number]

/** As the wire names them; told here, so that the page does not carry the schemas. */
export const VIEWS = ['full', 'marginal', 'allocated'] as const satisfies readonly LineageCost['view'][]

export const ADDRESS = {
  /** Number of the leaf. */
  path: parseAsInteger,
  view: parseAsStringLiteral(VIEWS).withDefault('full'),
  unit: parseAsStringLiteral(COST_UNITS).withDefault('time'),
  currency: parseAsString,
  /** The price book, and the day up to which its records count (YYYY-MM-DD). */
  book: parseAsString,
  asof: parseAsString,
  /** ISO 3166 alpha-3 of the grid, and the overhead of the facility, for CO₂e. */
  grid: parseAsString,
  pue: parseAsFloat.withDefault(1),
  tab: parseAsStringLiteral(TABS).withDefault('stages'),
  /** Whether the time of people counts. */
  people: parseAsBoolean.withDefault(false),
  /** Key of the bar whose runs and prices are shown. */
  pick: parseAsString,
  /** Of what was bought: the x axis, and slugs of target and what is kept. */
  x: parseAsStringLiteral(PARETO_X),
  target: parseAsString,
  kept: parseAsString,
  /** How costs lie on the x axis, and a budget that is marked on it, in its unit. */
  scale: parseAsStringLiteral(AXIS_SCALES).withDefault('linear'),
  budget: parseAsFloat,
  /** Level of the target at which methods are compared. */
  level: parseAsFloat,
  /** The base whose users are shown, by number, and the tokens that its cost is spread over. */
  base: parseAsInteger,
  served: parseAsFloat,
  /** Of the break-even: what a million tokens cost to serve before and now. */
  before: parseAsString,
  now: parseAsString,
  /** Of the interval between checkpoints: minutes that one takes, hours between interruptions. */
  save: parseAsFloat,
  mtbf: parseAsFloat,
  /** What a gigabyte kept for a month costs. */
  gbmonth: parseAsString,
}
export type CostAddress = inferParserType<typeof ADDRESS>

const DAY = /^\d{4}-\d\d-\d\d$/

/** What the address asks of every reckoning: currency, book, its day, grid and overhead, people's time. */
export const askOf = ({ currency, book, asof, grid, pue, people }: CostAddress) => ({
  ...(currency === null ? {} : { currency }),
  ...(book === null ? {} : { book }),
  ...(asof !== null && DAY.test(asof) ? { as_of: `${asof}T23:59:59.999Z` } : {}),
  ...(grid !== null && grid.length === 3 ? { grid } : {}),
  ...(pue === 1 ? {} : { pue }),
  ...(people ? { people } : {}),
})
