import { Slug } from '#src/protocol/words.ts'
import { invalid } from '#src/services/errors.ts'

/** A data set and its version from `slug@version`. @throws Refusal `invalid_request` at `pointer` for anything else */
export function readDataset(text: string, pointer: string): { slug: string; version: string } {
  const at = text.indexOf('@')
  const slug = at < 0 ? text : text.slice(0, at)
  const version = at < 0 ? '' : text.slice(at + 1)
  if (!Slug.safeParse(slug).success || version === '')
    throw invalid(pointer, `The data set "${text}" is not slug@version, such as "supersense@v1".`)
  return { slug, version }
}
