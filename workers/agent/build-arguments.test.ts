import { describe, expect, it } from 'vitest'
import { buildArguments } from './build-arguments.ts'
import type { Recipe } from './recipes.ts'

const recipe = (...args: string[]): Recipe => ({
  name: 'test',
  program: '/usr/bin/true',
  args,
  workingDir: null,
  env: [],
  params: {},
})

describe('a command line', () => {
  it('keeps each element of the template one argument, whatever a value holds', () => {
    const params = { name: 'a b; $(id) `id` "q"', steps: 7 }
    expect(buildArguments(recipe('train.py', '--name={name}', '--steps', '{steps}'), params)).toEqual([
      'train.py',
      '--name=a b; $(id) `id` "q"',
      '--steps',
      '7',
    ])
  })

  it('leaves out an absent parameter together with its option', () => {
    expect(buildArguments(recipe('train.py', '--steps', '{steps}', '--', '{rest}'), {})).toEqual(['train.py', '--'])
  })

  it('refuses a value that would begin an option, except after --', () => {
    expect(() => buildArguments(recipe('{name}'), { name: '--evil' })).toThrow('parameter name begins with "-"')
    expect(buildArguments(recipe('--', '{name}'), { name: '--evil' })).toEqual(['--', '--evil'])
    expect(buildArguments(recipe('--offset', '{offset}'), { offset: -3 })).toEqual(['--offset', '-3'])
  })
})
