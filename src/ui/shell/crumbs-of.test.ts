import { expect, test } from 'vitest'
import { crumbsOf } from './crumbs-of.ts'

test.each([
  ['/acme', 'acme > Projects'],
  ['/acme/agents', 'acme > Agents'],
  ['/acme/benchmarks', 'acme > Benchmarks'],
  ['/acme/benchmarks/mmlu', 'acme > Benchmarks > mmlu'],
  ['/acme/protocols/abcdef0123456789', 'acme > Benchmarks > Protocol abcdef01'],
  ['/acme/checkpoints/0198c0de-77aa', 'acme > Checkpoint 0198c0de'],
  ['/acme/compare', 'acme > Comparisons'],
  ['/acme/compare/draft', 'acme > Comparisons > New comparison'],
  ['/acme/settings/agent-tokens', 'acme > Settings > Agent tokens'],
  ['/acme/lifecycle', 'acme > lifecycle > Lineage'],
  ['/acme/lifecycle/experiments/7', 'acme > lifecycle > Stage 7'],
  ['/acme/lifecycle/experiments/7/decision', 'acme > lifecycle > Stage 7 > Decision'],
  ['/acme/lifecycle/runs', 'acme > lifecycle > Runs'],
  ['/acme/lifecycle/retention', 'acme > lifecycle > Evaluations > Retention'],
  ['/acme/lifecycle/runs/12', 'acme > lifecycle > Runs > #12'],
])('%s is %s', (path, words) => {
  expect(
    crumbsOf(path)
      .map((c) => c.word)
      .join(' > '),
  ).toBe(words)
})
