import { describe, expect, test } from 'vitest'
import { EXAMPLE_SECRET, parse, SettingsError, type Source } from './env.ts'

const read = (source: Source, files: Record<string, string> = {}) =>
  parse(source, {
    projectDir: '/project',
    readFile: (path) => {
      const content = files[path]
      if (content === undefined) throw new Error('ENOENT')
      return content
    },
  })

const problems = (source: Source): readonly string[] => {
  try {
    read(source)
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

const SECRET = 'x'.repeat(32)

describe('settings', () => {
  test('with nothing set everything starts: embedded, loopback, port 7070', () => {
    expect(read({})).toMatchObject({
      port: 7070,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:7070',
      databaseUrl: null,
      dataDir: '/project/.descent',
      authSecret: null,
      isLocal: true,
      shutdownDelayMs: 0,
    })
  })

  test('an empty value counts as absent', () => {
    expect(read({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ port: 7070, databaseUrl: null })
  })

  test('all that is wrong is told at once, each naming field, value and way out', () => {
    const told = problems({
      PORT: 'abc',
      PUBLIC_URL: 'ftp://x',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://u:hunter2@h/d',
    })
    expect(told).toHaveLength(4)
    expect(told.join('\n')).toContain('PORT is "abc": it must be a whole number from 1 to 65535.')
    expect(told.join('\n')).toContain('PUBLIC_URL is "ftp://x"')
    expect(told.join('\n')).toContain('must be one of trace, debug')
    expect(told.join('\n')).not.toContain('hunter2')
  })

  test.each([
    ['a database of somebody else', { DATABASE_URL: 'postgres://h/d' }],
    ['an address beyond loopback', { HOST: '0.0.0.0' }],
    ['a public URL beyond loopback', { PUBLIC_URL: 'https://descent.example' }],
  ])('%s needs a secret', (_, source) => {
    expect(problems(source)[0]).toContain('AUTH_SECRET is missing')
    expect(problems({ ...source, AUTH_SECRET: 'short' })[0]).toContain('has 5 characters')
    expect(problems({ ...source, AUTH_SECRET: EXAMPLE_SECRET })[0]).toContain('everybody knows')
    expect(problems({ ...source, AUTH_SECRET: SECRET })).toEqual([])
  })

  test('a secret comes from a file as well, but not from both', () => {
    expect(read({ AUTH_SECRET_FILE: '/s' }, { '/s': `${SECRET}\n` }).authSecret).toBe(SECRET)
    expect(problems({ AUTH_SECRET: SECRET, AUTH_SECRET_FILE: '/s' })[0]).toContain('both set')
    expect(problems({ AUTH_SECRET_FILE: '/nowhere' })[0]).toContain('AUTH_SECRET_FILE is "/nowhere"')
  })

  test('the public URL follows host and port', () => {
    expect(read({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080')
    expect(read({ HOST: '0.0.0.0', AUTH_SECRET: SECRET }).publicUrl).toBe('http://localhost:7070')
    expect(read({ PUBLIC_URL: 'https://descent.example/', AUTH_SECRET: SECRET }).publicUrl).toBe(
      'https://descent.example',
    )
  })
})
