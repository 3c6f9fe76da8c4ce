import { expect, test } from 'vitest'
import { KEY_GROUPS } from '#src/core/keys/keys.ts'
import { files, read } from './repository.ts'

test('every key of the list is bound in the file that the list names', () => {
  const known = new Set(files())
  const missing = KEY_GROUPS.flatMap(({ title, lines }) =>
    lines.flatMap(({ does, bound }) => {
      const text = known.has(bound.file) ? read(bound.file) : ''
      return bound.as
        .filter((spelled) => !text.includes(spelled))
        .map((spelled) => `${title}: ${does}: ${bound.file} has no ${spelled}`)
    }),
  )
  expect(missing).toEqual([])
})
