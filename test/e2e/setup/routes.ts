/** Every page of the product with an address that can be opened, for checks that walk all of them. Plain data: a house test reads it. */

/** What the addresses name: a project with a whole lineage, and one of each thing that has a page of its own. */
export interface Places {
  workspace: string
  project: string
  stage: number
  run: number
  /** A checkpoint, by its id. */
  checkpoint: string
  benchmark: string
  protocol: string
  /** A frozen table and a kept comparison, by their ids. */
  table: string
  comparison: string
}

/** The folder of each page below src/app, and its address. `/` leads on to a workspace and is no page to look at. */
export function routesOf(at: Places): { route: string; address: string }[] {
  const workspace = `/${at.workspace}`
  const project = `${workspace}/${at.project}`
  const ofWorkspace = '/[workspace]'
  const ofProject = '/[workspace]/[project]'
  const settings = ['', '/agent-tokens', '/deleted-runs', '/keys', '/members', '/prices', '/sessions', '/storage']
  const own = ['', '/capability', '/compare-stages', '/cost', '/evaluations', '/evaluations/add']
  const more = ['/evaluations/differences', '/preferences', '/publish', '/retention', '/runs']
  const stage = `${project}/experiments/${at.stage}`
  return [
    { route: '/sign-in', address: '/sign-in' },
    { route: ofWorkspace, address: workspace },
    { route: `${ofWorkspace}/agents`, address: `${workspace}/agents` },
    { route: `${ofWorkspace}/benchmarks`, address: `${workspace}/benchmarks` },
    { route: `${ofWorkspace}/benchmarks/[benchmark]`, address: `${workspace}/benchmarks/${at.benchmark}` },
    { route: `${ofWorkspace}/protocols/[protocol]`, address: `${workspace}/protocols/${at.protocol}` },
    { route: `${ofWorkspace}/checkpoints/[checkpoint]`, address: `${workspace}/checkpoints/${at.checkpoint}` },
    { route: `${ofWorkspace}/compare`, address: `${workspace}/compare` },
    { route: `${ofWorkspace}/compare/draft`, address: `${workspace}/compare/draft` },
    { route: `${ofWorkspace}/compare/[comparison]`, address: `${workspace}/compare/${at.comparison}` },
    ...settings.map((page) => ({
      route: `${ofWorkspace}/settings${page}`,
      address: `${workspace}/settings${page}`,
    })),
    ...[...own, ...more].map((page) => ({ route: `${ofProject}${page}`, address: `${project}${page}` })),
    { route: `${ofProject}/experiments/[number]`, address: stage },
    { route: `${ofProject}/experiments/[number]/decision`, address: `${stage}/decision` },
    { route: `${ofProject}/publish/[table]`, address: `${project}/publish/${at.table}` },
    { route: `${ofProject}/runs/[number]`, address: `${project}/runs/${at.run}` },
    { route: `${ofProject}/runs/[number]/checkpoint`, address: `${project}/runs/${at.run}/checkpoint` },
  ]
}

/** The same pages of a project in which nothing has happened yet; those that name a thing of it are left out. */
export const emptyRoutesOf = (at: Places, project: string): { route: string; address: string }[] =>
  routesOf({ ...at, project }).filter(
    ({ route }) => route.startsWith('/[workspace]/[project]') && !/\[(number|table)\]/.test(route),
  )
