import { describe, expect, test } from 'vitest'
import { allowHosts } from './allowed-hosts.ts'

const hosts = allowHosts({ publicUrl: 'https://descent.example', port: 7070, more: ['lan', 'box:8080'] })

describe('host names', () => {
  test.each([
    'descent.example',
    'descent.example:443',
    'localhost:7070',
    '127.0.0.1:7070',
    '[::1]:7070',
    'lan',
    'lan:1',
    'box:8080',
    'LAN',
  ])('%s is served', (host) => expect(() => hosts.require(host)).not.toThrow())
  test.each([
    undefined,
    '',
    'evil.example',
    'localhost',
    'localhost:7071',
    'box:8081',
    'descent.example.evil.com',
    'descent.example:8443',
  ])('%s is not', (host) => expect(() => hosts.require(host)).toThrow('is not served here'))
})

describe('an unsafe request with a cookie', () => {
  const post =
    (origin: string | null, fetchSite: string | null = null, host = 'descent.example') =>
    () =>
      hosts.requireOwnOrigin({ method: 'POST', host, origin, fetchSite })

  test('passes from our own page', () => {
    expect(post('https://descent.example')).not.toThrow()
    expect(post('https://descent.example', 'same-origin')).not.toThrow()
    expect(post('http://127.0.0.1:7070', null, '127.0.0.1:7070')).not.toThrow()
  })

  test.each([
    ['another site', 'https://evil.example', null],
    ['another port of the same machine', 'http://descent.example:8888', null],
    ['another subdomain', 'https://a.descent.example', null],
    ['a sandboxed frame', 'null', null],
    ['a client without an origin', null, null],
    ['garbage', '%%%', null],
    ['another origin that is allowed, but not asked for', 'http://localhost:7070', null],
    ['a page that the browser calls cross-site', 'https://descent.example', 'cross-site'],
    ['a page that the browser calls same-site', 'https://descent.example', 'same-site'],
    ['nobody, typed into the address bar', 'https://descent.example', 'none'],
  ])('does not pass from %s', (_, origin, fetchSite) =>
    expect(post(origin, fetchSite)).toThrow('not from a page of this server'),
  )

  test('is not asked about when it is safe', () => {
    expect(() =>
      hosts.requireOwnOrigin({ method: 'GET', host: 'descent.example', origin: null, fetchSite: 'cross-site' }),
    ).not.toThrow()
  })
})
