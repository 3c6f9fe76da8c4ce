import { expect, test } from 'vitest'
import { slugObjection } from '#src/core/projects/reserved-slugs.ts'
import { paths, RESERVED_PROJECT_SLUGS, RESERVED_WORKSPACE_SLUGS } from './paths.ts'

test('every address of the product', () => {
  expect({
    home: paths.home(),
    signIn: paths.signIn(),
    workspace: paths.workspace('lab'),
    agents: paths.agents('lab'),
    benchmarks: paths.benchmarks('lab'),
    benchmark: paths.benchmark('lab', 'mmlu'),
    protocol: paths.protocol('lab', 'ab12'),
    comparisons: paths.comparisons('lab'),
    comparison: paths.comparison('lab', 'ab12'),
    newComparison: paths.newComparison('lab', ['stage:lm:3'], { withParent: true }),
    checkpoint: paths.checkpoint('lab', 'ab12'),
    settings: paths.settings('lab'),
    keys: paths.keys('lab'),
    agentTokens: paths.agentTokens('lab'),
    sessions: paths.sessions('lab'),
    members: paths.members('lab'),
    prices: paths.prices('lab'),
    lineage: paths.lineage('lab', 'lm'),
    edge: paths.edge('lab', 'lm', '7.init.3'),
    stage: paths.stage('lab', 'lm', 3),
    decision: paths.decision('lab', 'lm', 3),
    runs: paths.runs('lab', 'lm'),
    run: paths.run('lab', 'lm', 41),
    nearestCheckpoint: paths.nearestCheckpoint('lab', 'lm', 41, { tokens: 600 }),
    evaluations: paths.evaluations('lab', 'lm'),
    addResults: paths.addResults('lab', 'lm'),
    differences: paths.differences('lab', 'lm'),
    retention: paths.retention('lab', 'lm'),
    preferences: paths.preferences('lab', 'lm'),
    capability: paths.capability('lab', 'lm'),
    cost: paths.cost('lab', 'lm'),
    compareStages: paths.compareStages('lab', 'lm'),
    publish: paths.publish('lab', 'lm'),
    frozenTable: paths.frozenTable('lab', 'lm', 'ab12'),
  }).toEqual({
    home: '/',
    signIn: '/sign-in',
    workspace: '/lab',
    agents: '/lab/agents',
    benchmarks: '/lab/benchmarks',
    benchmark: '/lab/benchmarks/mmlu',
    protocol: '/lab/protocols/ab12',
    comparisons: '/lab/compare',
    comparison: '/lab/compare/ab12',
    newComparison: '/lab/compare/draft?entries=stage%3Alm%3A3&parent=true',
    checkpoint: '/lab/checkpoints/ab12',
    settings: '/lab/settings',
    keys: '/lab/settings/keys',
    agentTokens: '/lab/settings/agent-tokens',
    sessions: '/lab/settings/sessions',
    members: '/lab/settings/members',
    prices: '/lab/settings/prices',
    lineage: '/lab/lm',
    edge: '/lab/lm?edge=7.init.3',
    stage: '/lab/lm/experiments/3',
    decision: '/lab/lm/experiments/3/decision',
    runs: '/lab/lm/runs',
    run: '/lab/lm/runs/41',
    nearestCheckpoint: '/lab/lm/runs/41/checkpoint?tokens=600',
    evaluations: '/lab/lm/evaluations',
    addResults: '/lab/lm/evaluations/add',
    differences: '/lab/lm/evaluations/differences',
    retention: '/lab/lm/retention',
    preferences: '/lab/lm/preferences',
    capability: '/lab/lm/capability',
    cost: '/lab/lm/cost',
    compareStages: '/lab/lm/compare-stages',
    publish: '/lab/lm/publish',
    frozenTable: '/lab/lm/publish/ab12',
  })
})

test.each([
  'api',
  'mlflow',
  'wandb',
  'trackio',
  'otlp',
  'graphql',
  'files',
  'artifactsv2',
  'v1',
  'authorize',
  'sign-in',
  's',
  'embed',
  'healthz',
  'readyz',
  'metrics',
  '_next',
])('%s is a page or a door and no name of a workspace or project', (slug) => {
  expect(RESERVED_WORKSPACE_SLUGS).toContain(slug)
  expect(slugObjection(slug)).toContain(slug)
})

test('pages of a workspace are no names of projects, and their first segments are in the list', () => {
  for (const page of [paths.agents('w'), paths.settings('w'), paths.keys('w')])
    expect(RESERVED_PROJECT_SLUGS).toContain(page.split('/')[2])
  expect(slugObjection('lifecycle')).toBeNull()
})
