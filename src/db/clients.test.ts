import { describe, expect, it } from 'vitest'
import { isUnavailable, sqlState } from './clients.ts'

const withCode = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more })

describe('a database error', () => {
  it.each([
    'CONNECTION_CLOSED',
    'CONNECTION_ENDED',
    'CONNECT_TIMEOUT',
    'ECONNREFUSED',
    '57P01',
    '57P03',
    '08006',
    '53300',
  ])('%s means that the database is away', (code) => expect(isUnavailable(withCode(code))).toBe(true))

  it.each(['23505', '57014', '42P01', 'TRANSACTION_ENDED', 'UNDEFINED_VALUE'])('%s does not', (code) =>
    expect(isUnavailable(withCode(code))).toBe(false),
  )

  it('about a missing socket means it, about a missing file does not', () => {
    expect(isUnavailable(withCode('ENOENT', { syscall: 'connect' }))).toBe(true)
    expect(isUnavailable(withCode('ENOENT', { syscall: 'open' }))).toBe(false)
  })

  it('of Citus about a connection to a node means it, an internal error of another kind does not', () => {
    const internal = (message: string) => Object.assign(new Error(message), { code: 'XX000' })
    expect(isUnavailable(internal('failure on connection marked as essential: 127.0.0.1:7631'))).toBe(true)
    expect(isUnavailable(internal('cache lookup failed for relation 16384'))).toBe(false)
  })

  it('is found below the error that drizzle wraps around it', () => {
    const wrapped = new Error('Failed query', { cause: withCode('CONNECTION_CLOSED') })
    expect(isUnavailable(wrapped)).toBe(true)
    expect(sqlState(new Error('Failed query', { cause: withCode('23505') }))).toBe('23505')
    expect(sqlState(wrapped)).toBeNull()
    expect(isUnavailable('no error at all')).toBe(false)
  })
})
