import type { SearchKeys, SearchKeysInput } from '#src/protocol/search-keys.ts'
import type { Context } from '#src/services/context.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { type CatalogueKey, catalogueOf, drawKeys } from './catalogue.ts'

/**
 * Keys that a search or a column can name: those that begin with the text, then those that contain it; of equal ones the most common
 * first. Every word of the text must be in the key.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listSearchKeys(
  ctx: Context,
  input: SearchKeysInput & { workspace?: string | undefined; project: string },
): Promise<SearchKeys> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const { keys } = await catalogueOf(ctx, scope)
  const words = input.text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = words.length === 0 ? keys : ranked(keys, words)
  const shown = found.slice(0, input.limit)
  await drawKeys(ctx, scope, shown)
  return { entries: shown.map(({ entry }) => entry), found: found.length }
}

function ranked(keys: readonly CatalogueKey[], words: readonly string[]): CatalogueKey[] {
  const [first = ''] = words
  const groups: CatalogueKey[][] = [[], [], []]
  for (const key of keys) {
    if (!words.every((word) => key.whole.includes(word))) continue
    const begins = key.whole.startsWith(first) || key.short.startsWith(first)
    const beginsPart = !begins && [...'/._-'].some((mark) => key.short.includes(`${mark}${first}`))
    groups[begins ? 0 : beginsPart ? 1 : 2]?.push(key)
  }
  return groups.flat()
}
