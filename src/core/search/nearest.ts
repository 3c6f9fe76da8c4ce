/**
 * The known word that is closest to a mistyped one, or null when none is close (more than a third of its letters differ).
 * Distance: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), without case.
 */
export function nearest(given: string, known: readonly string[]): string | null {
  let best: string | null = null
  let least = Math.max(1, Math.floor(given.length / 3)) + 1
  for (const word of known) {
    const distance = editDistance(given.toLowerCase(), word.toLowerCase())
    if (distance < least) [best, least] = [word, distance]
  }
  return best
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let d = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d = Math.min(d, (beforeLast[j - 2] ?? 0) + 1)
      row.push(d)
    }
    ;[beforeLast, last] = [last, row]
  }
  return last[b.length] ?? 0
}
