import { describe, expect, test } from 'vitest'
import { formatToken } from '#src/core/auth/token.ts'
import { createLog } from './log.ts'

const key = formatToken({ type: 'ing', id: 'AAAAAAAAAA', secret: 'B'.repeat(24) })
const link = `http://localhost/sign-in#${'c'.repeat(43)}`

function written(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = ''
  write(createLog('trace', { write: (line) => (text += line) }))
  return text
}

describe('the log', () => {
  test.each([
    ['a message', (log) => log.info({}, `sent ${key}`)],
    ['a field of any name', (log) => log.info({ note: { deep: [key] } }, 'x')],
    ['an error', (log) => log.error({ err: new Error(`refused ${key}`) }, 'x')],
    ['the cause of an error', (log) => log.error({ err: new Error('x', { cause: new Error(key) }) }, 'x')],
  ] satisfies [string, (log: ReturnType<typeof createLog>) => void][])('holds no key in %s', (_, write) => {
    const text = written(write)
    expect(text).not.toContain(key)
    expect(text).toContain('[redacted]')
  })

  test('holds no sign-in link and no password of a URL', () => {
    const text = written((log) => log.warn({ link }, 'postgres://me:hunter2@host/db'))
    expect(text).not.toContain('ccccc')
    expect(text).not.toContain('hunter2')
    expect(text).toContain('postgres://me:[redacted]@host/db')
  })

  test('holds no value under the name of a secret', () => {
    const text = written((log) =>
      log.info({ headers: { authorization: 'Basic abc', cookie: 'sid=1' }, token: 'plain' }, 'x'),
    )
    expect(text).not.toMatch(/Basic abc|sid=1|plain/)
  })

  test('stays valid JSON', () => {
    expect(JSON.parse(written((log) => log.info({ note: key }, 'a "quoted" one')))).toMatchObject({
      msg: 'a "quoted" one',
      level: 'info',
    })
  })
})
