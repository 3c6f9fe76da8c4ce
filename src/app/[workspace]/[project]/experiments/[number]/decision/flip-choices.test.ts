import { expect, test } from 'vitest'
import { REFERENCE_ROLES, type ReferenceRole } from '#src/core/decisions/decisions.ts'
import { flipChoices } from './flip-choices.ts'

const held = (name: string, ...roles: ReferenceRole[]) => ({ name, roles })
const second = [held('sft', 'base', 'parent'), held('dpo', 'sibling')]
const third = [held('base', 'base'), held('sft', 'parent')]

test.each<[string, ReturnType<typeof held>[], ReferenceRole, string, ReferenceRole]>([
  ['the base of a third stage', third, 'base', 'base', 'base'],
  ['its parent', third, 'parent', 'sft', 'parent'],
  ['a sibling that it has not: the last stage', third, 'sibling', 'sft', 'parent'],
  ['the parent of a second stage', second, 'parent', 'sft', 'parent'],
  ['its base, which is the parent', second, 'base', 'sft', 'parent'],
  ['its base, whatever the order of its roles', [held('sft', 'parent', 'base')], 'base', 'sft', 'parent'],
  ['a sibling', second, 'sibling', 'dpo', 'sibling'],
])('an address names %s', (_, against, to, name, value) => {
  const found = flipChoices(against, to)
  expect(found?.reference.name).toBe(name)
  expect(found?.value).toBe(value)
})

test('what is chosen is one of the choices, and each stage is one choice', () => {
  for (const against of [second, third])
    for (const to of REFERENCE_ROLES) {
      const found = flipChoices(against, to)
      expect(found?.choices.map(({ value }) => value)).toContain(found?.value)
      expect(found?.choices).toHaveLength(against.length)
    }
})

test('a root has nothing to compare with', () => expect(flipChoices([], 'parent')).toBeNull())
