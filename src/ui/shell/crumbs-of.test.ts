import { expect, test } from 'vitest'
import { crumbsOf } from './crumbs-of.ts'

test.each([
  ['/acme', 'acme > Projects'],
  ['/acme/agents', 'acme > Agents'],
  ['/acme/settings/agent-tokens', 'acme > Settings > Agent tokens'],
  ['/acme/lifecycle', 'acme > lifecycle > Lineage'],
  ['/acme/lifecycle/experiments/7', 'acme > lifecycle > Stage 7'],
  ['/acme/lifecycle/runs', 'acme > lifecycle > Runs'],
  ['/acme/lifecycle/runs/12', 'acme > lifecycle > Runs > #12'],
])('%s is %s', (path, words) => {
  expect(
    crumbsOf(path)
      .map((c) => c.word)
      .join(' > '),
  ).toBe(words)
})
