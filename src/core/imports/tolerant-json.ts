/**
 * JSON as Python writes it: NaN, Infinity and -Infinity may stand where a number stands. They are kept apart from each other and
 * from null.
 */

/** Before a number that JSON has no word for, while it is carried through the parser as a text; a private-use character. */
const MARK = '\ue0ff'
const BARE = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g
const VALUES: ReadonlyMap<string, number> = new Map([
  [`${MARK}NaN`, Number.NaN],
  [`${MARK}Infinity`, Number.POSITIVE_INFINITY],
  [`${MARK}-Infinity`, Number.NEGATIVE_INFINITY],
])

/**
 * The value of a JSON text with bare NaN and infinities.
 *
 * @throws SyntaxError for anything else that is not JSON
 */
export function parseTolerantJson(text: string): unknown {
  if (!/NaN|Infinity/.test(text)) return JSON.parse(text)
  const marked = text.replace(BARE, (found) => (found.startsWith('"') ? found : `"${MARK}${found}"`))
  return JSON.parse(marked, (_key, value) => (typeof value === 'string' ? (VALUES.get(value) ?? value) : value))
}
