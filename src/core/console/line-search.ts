/** What is looked for in lines of a console: a text, or a regular expression. The same pattern finds lines and marks places in them. */
export interface LineSearch {
  q: string
  /** `q` is a regular expression (ECMAScript, with Unicode). */
  regex: boolean
  /** Upper and lower case differ. */
  exact: boolean
}

export interface Place {
  /** Offsets in the shown text of the line. */
  from: number
  to: number
}

export const SEARCH_CHARACTERS_MAX = 500
/** Places that are marked in one line. */
const PLACES_MAX = 200

/**
 * The pattern of a search, global. A text is a pattern whose signs stand for themselves.
 *
 * @returns `wrong` with the engine's own words when `q` is no regular expression
 */
export function linePattern(search: LineSearch): { kind: 'ok'; pattern: RegExp } | { kind: 'wrong'; reason: string } {
  const source = search.regex ? search.q : escaped(search.q)
  try {
    return { kind: 'ok', pattern: new RegExp(source, search.exact ? 'gu' : 'giu') }
  } catch (error) {
    const words = error instanceof Error ? error.message : ''
    // "Invalid regular expression: /(/giu: Unterminated group"
    return { kind: 'wrong', reason: words.split(': ').at(-1) ?? 'It cannot be read.' }
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Where a global pattern matches in a shown line, in reading order, at most 200; matches of nothing are left out. */
export function findPlaces(text: string, pattern: RegExp): Place[] {
  const places: Place[] = []
  for (const match of text.matchAll(pattern)) {
    if (match[0] === '') continue
    places.push({ from: match.index, to: match.index + match[0].length })
    if (places.length === PLACES_MAX) break
  }
  return places
}
