import { createParser, parseAsArrayOf, parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'
import { PATH_AXES } from '#src/core/lineage/path-axes.ts'
import type { Span } from '#src/protocol/capability.ts'
import { AGAINST, LOSS_UNITS } from './prepare-capability.ts'

/** A part of an axis as `from-to`: the part that is drawn. */
const parseAsSpan = createParser<Span>({
  parse(text) {
    const [from, to, ...rest] = text.split('_').map(Number)
    if (from === undefined || to === undefined || rest.length > 0) return null
    return Number.isFinite(from) && Number.isFinite(to) && to > from && from >= 0 ? { from, to } : null
  },
  serialize: ({ from, to }) => `${from}_${to}`,
  eq: (a, b) => a.from === b.from && a.to === b.to,
})

/** What a link to this page carries. */
export const ADDRESS = {
  path: parseAsInteger,
  x: parseAsStringLiteral(PATH_AXES).withDefault('tokens'),
  against: parseAsStringLiteral(AGAINST).withDefault('score'),
  unit: parseAsStringLiteral(LOSS_UNITS).withDefault('reported'),
  show: parseAsArrayOf(parseAsString),
  smooth: parseAsFloat.withDefault(0.9),
  part: parseAsSpan,
  /** A benchmark and a score of it that somebody wants to reach. */
  goal: parseAsString,
  target: parseAsFloat,
}
