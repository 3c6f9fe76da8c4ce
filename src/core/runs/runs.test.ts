import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CONFIG_BYTES_MAX, objectionToJson } from './free-json.ts'
import { isSecretName, REDACTED, redact, redactText } from './redact.ts'
import { sayableName } from './run-name.ts'
import { toldHardware } from './told-hardware.ts'
import { uuid7 } from './uuid7.ts'

test('a run has a name that can be said, the same for the same run', () => {
  const uid = '0192e4a0-0000-7000-8000-00000a00000b'
  expect(sayableName(uid, 41)).toMatch(/^[a-z]+-[a-z]+-41$/)
  expect(sayableName(uid, 41)).toBe(sayableName(uid, 41))
})

describe('free JSON', () => {
  test('that reaches into prototypes is refused, wherever it stands', () => {
    const config = JSON.parse('{"a":[{"__proto__":{"x":1}}]}')
    expect(objectionToJson(config, '/config', CONFIG_BYTES_MAX)).toMatchObject({ pointer: '/config/a/0/__proto__' })
    expect(objectionToJson({ constructor: 1 }, '/config', CONFIG_BYTES_MAX)?.message).toContain('"constructor"')
  })
  test('that is too large or too deep is refused', () => {
    expect(objectionToJson({ a: 'x'.repeat(300_000) }, '/config', CONFIG_BYTES_MAX)?.message).toContain(
      'at most 262144',
    )
    const deep = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`)
    expect(objectionToJson(deep, '/config', CONFIG_BYTES_MAX)?.message).toContain('deeper than 20')
  })
  test('of ordinary kind passes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc
            .string({ maxLength: 20 })
            .filter((k) => !['__proto__', 'constructor', 'prototype'].includes(k) && !k.includes('\0')),
          fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom('adamw', 'bf16')),
        ),
        (config) => {
          expect(objectionToJson(config, '/config', CONFIG_BYTES_MAX)).toBeNull()
        },
      ),
    )
  })
})

describe('redaction', () => {
  test.each([
    'password',
    'DB_PASSWORD',
    'wandb.apiKey',
    'hf-token',
    'awsSecretAccessKey',
    'auth_token',
    'connectionString',
  ])('%s speaks of a secret', (name) => expect(isSecretName(name)).toBe(true))
  test.each(['max_tokens', 'num_key_value_heads', 'eos_token_id', 'tokenizer', 'author', 'key', 'token', 'passes'])(
    '%s is ordinary configuration',
    (name) => expect(isSecretName(name)).toBe(false),
  )
  test('hides texts under such names, and never numbers or booleans', () =>
    expect(redact({ api_key: 'abc', nested: { password: ['x', 1, true] }, secret: 7 })).toEqual({
      api_key: REDACTED,
      nested: { password: ['x', 1, true] },
      secret: 7,
    }))
  test.each([
    ['https://me:pw@example.org/x', `https://${REDACTED}@example.org/x`],
    ['--key hf_abcdefghijklmnopqrstuvwxyz', `--key ${REDACTED}`],
    [`dsc_ing-${'a'.repeat(40)}`, REDACTED],
    ['an ordinary sentence about sk-learn', 'an ordinary sentence about sk-learn'],
  ])('%s', (text, want) => expect(redactText(text)).toBe(want))
})

describe('hardware as the client tells it', () => {
  test('is its GPUs by name, else its cores, else nothing', () => {
    const gpus = [
      { name: 'H100', uuid: 'a' },
      { name: 'H100', uuid: 'b' },
      { name: 'L4', uuid: 'c' },
    ]
    expect(toldHardware({ gpus, cpu: { count: 8 } })).toEqual([
      { deviceKind: 'gpu', deviceName: 'H100', count: 2, uuids: ['a', 'b'] },
      { deviceKind: 'gpu', deviceName: 'L4', count: 1, uuids: ['c'] },
    ])
    expect(toldHardware({ gpus: [], cpu: { count: 2, model: 'X' } })).toEqual([
      { deviceKind: 'cpu', deviceName: 'X', count: 2, uuids: [] },
    ])
    expect(toldHardware({ cpu: { count: -1 } })).toEqual([])
    expect(toldHardware({ gpus: 'many' })).toEqual([])
  })
})

test('an id of version 7 begins with the time and says its version', () => {
  const uid = uuid7(0x0192_e4a0_1234, new Uint8Array(10).fill(0xff))
  expect(uid).toBe('0192e4a0-1234-7fff-bfff-ffffffffffff')
})
