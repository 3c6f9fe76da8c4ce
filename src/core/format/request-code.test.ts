import { expect, test } from 'vitest'
import { pythonRequest, shellRequest } from './request-code.ts'

const path = '/projects/lifecycle/publish'

test('a shell line asks the machine door with a key from the environment', () => {
  expect(shellRequest('https://d.example', path, { table: 'groups', groups: "it's: mmlu" })).toBe(
    'curl -H "Authorization: Bearer $DESCENT_API_KEY" ' +
      "'https://d.example/api/v1/projects/lifecycle/publish?table=groups&groups=it%27s%3A+mmlu'",
  )
})

test('without a query the address ends at the path', () => {
  expect(shellRequest('', path, {})).toContain("'/api/v1/projects/lifecycle/publish'")
})

test('Python asks for the same address, and no text of it ends the string', () => {
  const code = pythonRequest('https://d.example', path, { groups: '"\\' })
  expect(code).toContain('"https://d.example/api/v1/projects/lifecycle/publish?groups=%22%5C"')
  expect(code.split('\n')[0]).toBe('import json, os, urllib.request')
})
