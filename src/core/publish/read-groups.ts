import { nearest } from '../search/nearest.ts'
import type { BenchmarkGroup } from './group-table.ts'

export type GroupsAnswer = { kind: 'groups'; groups: BenchmarkGroup[] } | { kind: 'problem'; message: string }

/**
 * Groups of one's own, a group a line or a part between semicolons: "facts: mmlu, popqa; sums: gsm8k". A benchmark may stand in
 * several. A problem names the part and the way out.
 *
 * @param known slugs of benchmarks
 */
export function readGroups(text: string, known: readonly string[]): GroupsAnswer {
  const groups: BenchmarkGroup[] = []
  for (const part of text
    .split(/[;\n]/)
    .map((line) => line.trim())
    .filter(Boolean)) {
    const at = part.indexOf(':')
    const name = part.slice(0, at).trim()
    if (at < 0 || name === '') return problem(`"${part}" has no name: write "name: benchmark, benchmark".`)
    if (groups.some((group) => group.name === name)) return problem(`The group "${name}" comes twice.`)
    const members = part
      .slice(at + 1)
      .split(',')
      .map((slug) => slug.trim())
      .filter(Boolean)
    const unknown = members.find((slug) => !known.includes(slug))
    if (unknown !== undefined) {
      const near = nearest(unknown, known)
      return problem(
        `No benchmark "${unknown}" was measured here${near ? `; did you mean "${near}"?` : `. There are: ${known.join(', ')}.`}`,
      )
    }
    if (members.length === 0) return problem(`The group "${name}" has no benchmark.`)
    groups.push({ name, members: [...new Set(members)] })
  }
  return groups.length === 0
    ? problem('There is no group: write "name: benchmark, benchmark".')
    : { kind: 'groups', groups }
}

const problem = (message: string): GroupsAnswer => ({ kind: 'problem', message })

/** Groups as text that `readGroups` reads, one a line. */
export const groupsText = (groups: readonly BenchmarkGroup[]): string =>
  groups.map(({ name, members }) => `${name.replace(/[:;\n]/g, ' ')}: ${members.join(', ')}`).join('\n')
