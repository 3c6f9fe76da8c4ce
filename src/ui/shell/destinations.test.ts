import { expect, test } from 'vitest'
import { currentDestination, destinations } from './destinations.ts'

test.each([
  ['/acme', 'projects'],
  ['/acme/', 'projects'],
  ['/acme/agents', 'agents'],
  ['/acme/compare/ab12', 'comparisons'],
  ['/acme/benchmarks/mmlu', 'benchmarks'],
  ['/acme/protocols/ab12', 'benchmarks'],
  ['/acme/settings/keys', 'settings'],
  ['/acme/lifecycle', 'lineage'],
  ['/acme/lifecycle/experiments/3', 'lineage'],
  ['/acme/lifecycle/runs/4', 'runs'],
  ['/acme/lifecycle/evaluations', 'evaluations'],
  ['/acme/lifecycle/retention', 'evaluations'],
  ['/acme/lifecycle/preferences', 'evaluations'],
  ['/acme/lifecycle/capability', 'capability'],
  ['/acme/lifecycle/cost', 'cost'],
  ['/acme/lifecycle/compare-stages', 'compare-stages'],
  ['/acme/lifecycle/publish', 'publish'],
] as const)('%s belongs to %s', (path, key) => {
  expect(currentDestination(path)).toBe(key)
})

test('a project’s pages are shown inside a project only', () => {
  expect(destinations('acme', null).map((d) => d.key)).toEqual([
    'projects',
    'comparisons',
    'benchmarks',
    'agents',
    'settings',
  ])
  expect(destinations('acme', 'p').map((d) => d.href)).toContain('/acme/p/runs')
})
