/** One place where a word was found. `line` is an index into the searched lines, `from` and `to` are offsets in its text. */
export interface Hit {
  line: number
  from: number
  to: number
}

export const HITS_MAX = 5_000

/** All places of `word` in `lines`, in reading order, at most 5,000; without regard to case. Empty for an empty word. */
export function findHits(lines: readonly string[], word: string): Hit[] {
  const wanted = word.toLowerCase()
  const hits: Hit[] = []
  if (wanted === '') return hits
  for (const [line, text] of lines.entries()) {
    const low = text.toLowerCase()
    // Lower-casing may change the length of a few letters; such lines are searched as they are.
    const searched = low.length === text.length ? low : text
    for (let from = searched.indexOf(wanted); from >= 0; from = searched.indexOf(wanted, from + wanted.length)) {
      hits.push({ line, from, to: from + wanted.length })
      if (hits.length === HITS_MAX) return hits
    }
  }
  return hits
}
