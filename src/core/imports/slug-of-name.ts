const SLUG_MAX = 64

/**
 * A slug (lower-case ASCII words with hyphens, 1 to 64 characters) for a name of another program; names that differ only in what a
 * slug cannot hold fall together. A long one is cut and ends in a number made of its whole name.
 *
 * @param words parts of the name, empty ones left out
 */
export function slugOfName(...words: readonly (string | null)[]): string {
  const name = words.filter((word) => word !== null && word !== '').join(' ')
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('+', ' plus ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  if (slug === '') return `name-${numberOf(name)}`
  if (slug.length <= SLUG_MAX) return slug
  const end = numberOf(name)
  return `${slug.slice(0, SLUG_MAX - end.length - 1).replace(/-+$/, '')}-${end}`
}

/** FNV-1a, 32 bits, in base 36. */
function numberOf(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash.toString(36)
}
