import { sqlState } from '#src/db/clients.ts'
import { SEARCH_TIME_MAX_MS } from '#src/db/queries/search/bound-search.ts'
import { Refusal } from '#src/services/errors.ts'

/**
 * What `search` gives.
 *
 * @throws Refusal `too_slow` when the database ended it
 */
export async function inSearchTime<T>(search: () => Promise<T>): Promise<T> {
  try {
    return await search()
  } catch (error) {
    if (sqlState(error) !== '57014') throw error
    throw new Refusal(
      'too_slow',
      `The search was ended after ${SEARCH_TIME_MAX_MS / 1000} s. Ask for less: fewer tests, or a narrower pattern.`,
      { limit_ms: SEARCH_TIME_MAX_MS },
    )
  }
}
