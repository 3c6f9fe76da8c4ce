import { expect, test } from 'vitest'
import { slugOf } from './slug-of.ts'

test.each([
  ['My model 7B', 'my-model-7b'],
  ['  Modèle (été) ', 'modele-ete'],
  ['—', ''],
  ['a'.repeat(80), 'a'.repeat(64)],
])('%s becomes %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})
