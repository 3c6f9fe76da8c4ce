import { describe, expect, it } from 'vitest'
import { buildEnvironment, isRefusedVariable, SAFE_PATH } from './build-environment.ts'

describe('the environment of a job', () => {
  it('is built from nothing: what no allow-list names does not pass', () => {
    const own = { HOME: '/home/ada', DATABASE_URL: 'postgres://secret', PATH: '/evil', LANG: 'de_DE' }
    expect(buildEnvironment(['HOME', 'ABSENT', 'PATH'], own, { DESCENT_URL: 'http://here', OTHER: undefined })).toEqual(
      {
        PATH: SAFE_PATH,
        LANG: 'C.UTF-8',
        HOME: '/home/ada',
        DESCENT_URL: 'http://here',
      },
    )
  })

  it.each([
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'PYTHONSTARTUP',
    'BASH_ENV',
    'ENV',
    'GIT_SSH_COMMAND',
    'NODE_OPTIONS',
    'PERL5OPT',
    'DESCENT_API_KEY',
  ])('never takes %s from the agent, even when a recipes file allows it', (name) => {
    expect(isRefusedVariable(name)).toBe(true)
    expect(buildEnvironment([name], { [name]: 'x' }, {})).not.toHaveProperty(name)
  })

  it('has no value with a NUL', () => {
    expect(buildEnvironment([], {}, { DESCENT_CONFIG: 'a\0b' })).not.toHaveProperty('DESCENT_CONFIG')
  })
})
