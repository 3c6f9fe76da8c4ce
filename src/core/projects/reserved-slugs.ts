/** First path segments that are pages or doors (interoperating ones at the root too): no workspace and no project may be called so. */
export const RESERVED_WORKSPACE_SLUGS: readonly string[] = [
  'api',
  'mlflow',
  'ajax-api',
  'health',
  'version',
  'get-artifact',
  'wandb',
  'graphql',
  'files',
  'artifactsv2',
  'trackio',
  'otlp',
  'v1',
  'authorize',
  'healthz',
  'readyz',
  'metrics',
  'sign-in',
  'sign-out',
  's',
  'embed',
  'docs',
  'static',
  'assets',
  'public',
  '_next',
  'favicon.ico',
  'robots.txt',
]

/** Second path segments that are pages of a workspace: no project may be called so. */
export const RESERVED_PROJECT_SLUGS: readonly string[] = [
  'agents',
  'benchmarks',
  'checkpoints',
  'protocols',
  'settings',
  'projects',
  'members',
  'search',
  'experiments',
  'runs',
  'evaluations',
  'cost',
  'compare',
  'plan',
  'reports',
]

/** Why a project may not have this slug; null when it may. */
export function slugObjection(slug: string): string | null {
  const taken = RESERVED_PROJECT_SLUGS.includes(slug) || RESERVED_WORKSPACE_SLUGS.includes(slug)
  return taken ? `The name "${slug}" is the address of a page or a door; choose another, such as "${slug}-1".` : null
}
