import type { CurvePlace } from '#src/core/checkpoints/nearest-checkpoint.ts'

/**
 * Every address of the product: the pages' builders, and the words that no workspace or project may take because a page or
 * a door lives there.
 */
const part = encodeURIComponent

/** Which differences a page of them shows; what is absent stands at its default. */
export interface DifferencesOf {
  checkpoint?: string | undefined
  variant?: string | undefined
  baseline?: string | undefined
}

/** Against what a new comparison is set; absent: its first entry. */
export interface ComparedWith {
  withParent?: boolean | undefined
  baseline?: string | undefined
}

/** The question of an address; nothing where nothing is asked. */
function asked(words: Readonly<Record<string, string | undefined>>): string {
  const known = Object.entries(words).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  )
  return known.length === 0 ? '' : `?${new URLSearchParams(known)}`
}

export const paths = {
  home: () => '/',
  signIn: () => '/sign-in',
  workspace: (workspace: string) => `/${part(workspace)}`,
  agents: (workspace: string) => `/${part(workspace)}/agents`,
  benchmarks: (workspace: string) => `/${part(workspace)}/benchmarks`,
  benchmark: (workspace: string, benchmark: string) => `/${part(workspace)}/benchmarks/${part(benchmark)}`,
  protocol: (workspace: string, fingerprint: string) => `/${part(workspace)}/protocols/${part(fingerprint)}`,
  comparisons: (workspace: string) => `/${part(workspace)}/compare`,
  comparison: (workspace: string, comparison: string) => `/${part(workspace)}/compare/${part(comparison)}`,
  /** Entries side by side that nobody has kept; `withParent`: the first beside what its weights came from. */
  newComparison: (workspace: string, entries: string | readonly string[] = [], of: ComparedWith = {}) =>
    `/${part(workspace)}/compare/draft${asked({
      entries: [entries].flat().join(','),
      parent: of.withParent ? 'true' : undefined,
      baseline: of.baseline,
    })}`,
  /** Where a checkpoint came from; it stays when run, stage or project are renamed or moved. */
  checkpoint: (workspace: string, checkpoint: string) => `/${part(workspace)}/checkpoints/${part(checkpoint)}`,
  settings: (workspace: string) => `/${part(workspace)}/settings`,
  keys: (workspace: string) => `/${part(workspace)}/settings/keys`,
  agentTokens: (workspace: string) => `/${part(workspace)}/settings/agent-tokens`,
  sessions: (workspace: string) => `/${part(workspace)}/settings/sessions`,
  members: (workspace: string) => `/${part(workspace)}/settings/members`,
  storage: (workspace: string) => `/${part(workspace)}/settings/storage`,
  prices: (workspace: string) => `/${part(workspace)}/settings/prices`,
  deletedRuns: (workspace: string) => `/${part(workspace)}/settings/deleted-runs`,
  lineage: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}`,
  /** The lineage with one edge opened, by the name that `edgeName` gives it. */
  edge: (workspace: string, project: string, edge: string) =>
    `/${part(workspace)}/${part(project)}${asked({ edge: String(edge) })}`,
  stage: (workspace: string, project: string, experiment: number) =>
    `/${part(workspace)}/${part(project)}/experiments/${experiment}`,
  decision: (workspace: string, project: string, experiment: number) =>
    `/${part(workspace)}/${part(project)}/experiments/${experiment}/decision`,
  runs: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/runs`,
  run: (workspace: string, project: string, run: number) => `/${part(workspace)}/${part(project)}/runs/${run}`,
  /** Leads on to the checkpoint of the run nearest to a step, or to tokens so far. */
  nearestCheckpoint: (workspace: string, project: string, run: number, place: CurvePlace = { step: 0 }) =>
    `/${part(workspace)}/${part(project)}/runs/${run}/checkpoint?${new URLSearchParams(
      Object.entries(place).map(([by, at]) => [by, String(at)]),
    )}`,
  evaluations: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/evaluations`,
  addResults: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/evaluations/add`,
  differences: (workspace: string, project: string, of: DifferencesOf = {}) =>
    `/${part(workspace)}/${part(project)}/evaluations/differences${asked({ ...of })}`,
  retention: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/retention`,
  preferences: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/preferences`,
  capability: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/capability`,
  cost: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/cost`,
  compareStages: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/compare-stages`,
  publish: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/publish`,
  frozenTable: (workspace: string, project: string, table: string) =>
    `/${part(workspace)}/${part(project)}/publish/${part(table)}`,
} as const

export { RESERVED_PROJECT_SLUGS, RESERVED_WORKSPACE_SLUGS } from '#src/core/projects/reserved-slugs.ts'
