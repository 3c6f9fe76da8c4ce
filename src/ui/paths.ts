/**
 * Every address of the product: the pages' builders, and the words that no workspace or project may take because a page or
 * a door lives there.
 */
const part = encodeURIComponent

export const paths = {
  home: () => '/',
  signIn: () => '/sign-in',
  workspace: (workspace: string) => `/${part(workspace)}`,
  agents: (workspace: string) => `/${part(workspace)}/agents`,
  benchmarks: (workspace: string) => `/${part(workspace)}/benchmarks`,
  benchmark: (workspace: string, benchmark: string) => `/${part(workspace)}/benchmarks/${part(benchmark)}`,
  protocol: (workspace: string, fingerprint: string) => `/${part(workspace)}/protocols/${part(fingerprint)}`,
  settings: (workspace: string) => `/${part(workspace)}/settings`,
  keys: (workspace: string) => `/${part(workspace)}/settings/keys`,
  agentTokens: (workspace: string) => `/${part(workspace)}/settings/agent-tokens`,
  sessions: (workspace: string) => `/${part(workspace)}/settings/sessions`,
  members: (workspace: string) => `/${part(workspace)}/settings/members`,
  storage: (workspace: string) => `/${part(workspace)}/settings/storage`,
  prices: (workspace: string) => `/${part(workspace)}/settings/prices`,
  deletedRuns: (workspace: string) => `/${part(workspace)}/settings/deleted-runs`,
  lineage: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}`,
  stage: (workspace: string, project: string, experiment: number) =>
    `/${part(workspace)}/${part(project)}/experiments/${experiment}`,
  runs: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/runs`,
  run: (workspace: string, project: string, run: number) => `/${part(workspace)}/${part(project)}/runs/${run}`,
  evaluations: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/evaluations`,
  retention: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/retention`,
  preferences: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/preferences`,
  capability: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/capability`,
  cost: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/cost`,
  compareStages: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/compare-stages`,
  publish: (workspace: string, project: string) => `/${part(workspace)}/${part(project)}/publish`,
} as const

export { RESERVED_PROJECT_SLUGS, RESERVED_WORKSPACE_SLUGS } from '#src/core/projects/reserved-slugs.ts'
