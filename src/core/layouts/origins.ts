/** Runs of several projects side by side: which lies where. */
import type { DrawnRun, RunOrigin } from './layout.ts'

/** Where each run lies, by its number in the set; null: all are of one project, which their numbers name. */
export function originsOf(runs: readonly Pick<DrawnRun, 'number' | 'from'>[]): ReadonlyMap<number, RunOrigin> | null {
  const found = runs.flatMap(({ number, from }) => (from ? [[number, from] as const] : []))
  return found.length === 0 ? null : new Map(found)
}

/** Runs of a project with the numbers that they have there, and those that they have in the set. */
export interface ProjectRuns {
  project: string
  numbers: number[]
  keys: number[]
}

/**
 * The runs of each project, in the order in which the projects come.
 *
 * @param project of runs that name none
 */
export function byProject(
  keys: readonly number[],
  origins: ReadonlyMap<number, RunOrigin> | null,
  project: string,
): ProjectRuns[] {
  const found = new Map<string, ProjectRuns>()
  for (const key of keys) {
    const origin = origins?.get(key)
    const name = origin?.project ?? project
    const of = found.get(name) ?? { project: name, numbers: [], keys: [] }
    found.set(name, of)
    of.numbers.push(origin?.number ?? key)
    of.keys.push(key)
  }
  return [...found.values()]
}
