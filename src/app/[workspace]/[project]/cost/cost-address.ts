/** What a link to the cost page carries. */
import { parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'
import type { LineageCost } from '#src/protocol/cost.ts'
import { COST_UNITS } from '#src/ui/cost/cost-units.ts'
import { PARETO_X } from '#src/ui/cost/prepare-pareto.ts'

export const TABS = ['stages', 'hardware', 'time', 'plan', 'bases'] as const
export type Tab = (typeof TABS)[number]

/** As the wire names them; told here, so that the page does not carry the schemas. */
export const VIEWS = ['full', 'marginal', 'allocated'] as const satisfies readonly LineageCost['view'][]

export const ADDRESS = {
  /** Number of the leaf. */
  path: parseAsInteger,
  view: parseAsStringLiteral(VIEWS).withDefault('full'),
  unit: parseAsStringLiteral(COST_UNITS).withDefault('time'),
  currency: parseAsString,
  tab: parseAsStringLiteral(TABS).withDefault('stages'),
  /** Key of the bar whose runs and prices are shown. */
  pick: parseAsString,
  /** Of what was bought: the x axis, and slugs of target and what is kept. */
  x: parseAsStringLiteral(PARETO_X),
  target: parseAsString,
  kept: parseAsString,
  /** Level of the target at which methods are compared. */
  level: parseAsFloat,
  /** The base whose users are shown, by number, and the tokens that its cost is spread over. */
  base: parseAsInteger,
  served: parseAsFloat,
}
