/** What a model hub reads from the head of a model card. */

/** How a model came from its base, in the hub's words. */
export type BaseRelation = 'finetune' | 'adapter' | 'merge'

export interface FrontMatter {
  /** Hub names of what the weights come from; absent: from random weights, or from a base that names no place on a hub. */
  base_model?: string | string[]
  base_model_relation?: BaseRelation
  datasets?: string[]
  license?: string
  tags: string[]
}

/**
 * A name such as "allenai/Llama-3.1-Tulu-3-8B-SFT", with or without a revision behind `@`, behind `hf://` or in the address of a hub's
 * page. Null where there is none.
 *
 * @param as `name`: an external base, whose bare name counts; `location`: where a checkpoint lies, which may be a folder of the same shape
 */
export function hubName(place: string | null, as: 'name' | 'location'): string | null {
  if (place === null) return null
  const bare = place.trim().replace(/^(hf:\/\/|https?:\/\/[^/]*huggingface\.co\/)(models\/)?/, '')
  if (as === 'location' && bare === place.trim()) return null
  const [owner, name, ...rest] = bare.replace(/[@?#].*$/, '').split('/')
  const isRest = rest.length === 0 || rest[0] === 'tree' || rest[0] === 'blob'
  const isName = (part: string | undefined) => part !== undefined && /^[A-Za-z0-9][\w.-]{0,95}$/.test(part)
  return isName(owner) && isName(name) && isRest ? `${owner}/${name}` : null
}

/** The head of a card. */
export function frontMatter(of: {
  /** Direct weight parents, the heaviest first. */
  bases: readonly string[]
  relation: BaseRelation
  datasets: readonly string[]
  license: string | null
}): FrontMatter {
  const bases = [...new Set(of.bases)]
  const [only] = bases
  const datasets = [...new Set(of.datasets)]
  return {
    ...(bases.length > 0 && {
      base_model: bases.length === 1 ? (only as string) : bases,
      base_model_relation: of.relation,
    }),
    ...(datasets.length > 0 && { datasets }),
    ...(of.license !== null && { license: of.license }),
    tags: ['descent'],
  }
}
