import { expect, test } from 'vitest'
import { readLinkToken } from './read-link-token.ts'

const token = 'dsc_link-0123456789abcdefghij'

test.each([
  [`#${token}`, token],
  [`http://localhost:7070/sign-in#${token}`, token],
  [`  ${token}\n`, token],
  ['', null],
  ['#', null],
  ['http://localhost:7070/sign-in', null],
  ['#<script>alert(1)</script>', null],
])('%s holds %s', (text, found) => {
  expect(readLinkToken(text)).toBe(found)
})
