/** The keys of a list with commas between; a comma or a backslash that belongs to a key has a backslash before it. */
export const readKeyList = (text: string): string[] =>
  [...text.matchAll(/(?:\\.|[^,\\])+/gs)].map(([part]) => part.replaceAll(/\\(.)/gs, '$1'))

/** Such a list of these keys. */
export const writeKeyList = (keys: readonly string[]): string =>
  keys.map((key) => key.replaceAll(/[\\,]/g, '\\$&')).join(',')
