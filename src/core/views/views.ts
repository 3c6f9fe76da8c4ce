/** Saved views: a page as somebody set it up, under a name or as a short link. */

/** Pages whose state can be saved; `part`: a word of an address that is too long for one. */
export const VIEW_PAGES = ['runs', 'comparison', 'run', 'retention', 'lineage', 'part'] as const
export type ViewPage = (typeof VIEW_PAGES)[number]

/** Who sees a view: whoever saved it; everybody who reads the project; whoever has its link, in no list. */
export const VIEW_AUDIENCES = ['private', 'shared', 'link'] as const
export type ViewAudience = (typeof VIEW_AUDIENCES)[number]

/** The state of a page: the words of an address after its question mark. */
export const VIEW_STATE_CHARACTERS_MAX = 64_000
export const VIEW_NAME_CHARACTERS_MAX = 100
/** Named views of a project's page that are shown: one person's and the shared ones. */
export const VIEWS_LISTED_MAX = 200

/** An address longer than this becomes a short link: chats and mails break longer ones. */
export const ADDRESS_CHARACTERS_MAX = 2_000

/** A view's name in an address: letters and digits, made by whoever saves it. */
export const VIEW_KEY = /^[0-9A-Za-z]{10}$/

/** The word of an address that names a saved view. */
export const VIEW_WORD = 'view'

/**
 * A state in its one form, so that equal views have equal texts: words in the order of the alphabet, none empty-named, the
 * name of a view left out.
 */
export function viewState(search: string): string {
  const words = [...new URLSearchParams(search)].filter(([word]) => word !== '' && word !== VIEW_WORD)
  return new URLSearchParams(words.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))).toString()
}

/** The words in which two states differ, in the order of the alphabet; null: at its default there. */
export function changedWords(from: string, to: string): { word: string; from: string | null; to: string | null }[] {
  const [a, b] = [new URLSearchParams(from), new URLSearchParams(to)]
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .map((word) => ({ word, from: a.get(word), to: b.get(word) }))
    .filter((change) => change.from !== change.to)
}
