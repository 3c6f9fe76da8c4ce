/** Fields with commas between, as an address carries them; a comma inside back-ticks belongs to the key. Empty parts are left out. */
export function splitFields(text: string): string[] {
  const parts: string[] = []
  let from = 0
  let isQuoted = false
  for (let at = 0; at <= text.length; at++) {
    const char = text[at]
    if (char === '\\' && isQuoted) at++
    else if (char === '`') isQuoted = !isQuoted
    else if (char === undefined || (char === ',' && !isQuoted)) {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  if (from <= text.length && isQuoted) parts.push(text.slice(from).trim())
  return parts.filter((part) => part !== '')
}

/** Sort keys of such a list: descending where a minus stands before the field. */
export const splitSort = (text: string): { field: string; direction: 'asc' | 'desc' }[] =>
  splitFields(text).map((part) =>
    part.startsWith('-') ? { field: part.slice(1), direction: 'desc' } : { field: part, direction: 'asc' },
  )
