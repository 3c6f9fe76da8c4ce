import { nearest } from '../search/nearest.ts'

const NAMES_TOLD = 3

/**
 * The known names that come closest to one that was not found, at most three: first those that hold it or are held by it, or share
 * its last part, then those that are spelled alike; where none comes close, the first known ones.
 */
export function nearestNames(given: string, known: readonly string[]): string[] {
  const word = given.toLowerCase()
  const last = lastPart(word)
  const related = known.filter((name) => {
    const other = name.toLowerCase()
    return (
      word.length > 2 && other.length > 2 && (other.includes(word) || word.includes(other) || lastPart(other) === last)
    )
  })
  const near = [...related]
  for (let rest = known.filter((name) => !near.includes(name)); near.length < NAMES_TOLD; ) {
    const next = nearest(given, rest)
    if (next === null) break
    near.push(next)
    rest = rest.filter((name) => name !== next)
  }
  return (near.length > 0 ? near : known).slice(0, NAMES_TOLD)
}

const lastPart = (name: string): string => (name.split(/[\\/]/).at(-1) ?? name).replace(/@.*$/, '')
