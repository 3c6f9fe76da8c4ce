/** The four facets in which the article measures a domain, and what is missing of them. */

export const FACETS = ['terminology', 'patterns', 'reasoning', 'facts'] as const
export type Facet = (typeof FACETS)[number]

/** The label of items that tells the facet, where one benchmark measures a whole domain. */
export const FACET_LABEL = 'facet'

export const isFacet = (word: string): word is Facet => (FACETS as readonly string[]).includes(word)

export interface DomainFacets<T> {
  domain: string
  /** In the order of `FACETS`, each once; null: not measured. */
  facets: readonly { facet: Facet; found: T | null }[]
  missing: readonly Facet[]
}

/** Domains by name, each with its four facets; of two that measure one facet the first counts. */
export function facetsByDomain<T extends { domain: string; facet: Facet }>(measured: readonly T[]): DomainFacets<T>[] {
  const domains = [...new Set(measured.map(({ domain }) => domain))].sort((a, b) => a.localeCompare(b, 'en'))
  return domains.map((domain) => {
    const facets = FACETS.map((facet) => ({
      facet,
      found: measured.find((one) => one.domain === domain && one.facet === facet) ?? null,
    }))
    return { domain, facets, missing: facets.flatMap(({ facet, found }) => (found === null ? [facet] : [])) }
  })
}
