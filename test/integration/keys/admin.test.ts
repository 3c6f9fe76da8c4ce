import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { registerAdmin } from '#src/cli/admin.ts'
import { parseToken } from '#src/core/auth/token.ts'

let dataDir = ''

beforeAll(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'descent-admin-'))
  chmodSync(dataDir, 0o711)
  vi.stubEnv('DATA_DIR', dataDir)
  vi.stubEnv('PORT', '17130')
  vi.stubEnv('DATABASE_URL', '')
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(dataDir, { recursive: true, force: true })
})

async function admin(...words: string[]): Promise<string> {
  let printed = ''
  const program = new Command().exitOverride()
  registerAdmin(program, (text) => {
    printed += text
  })
  await program.parseAsync(['node', 'descent', 'admin', ...words])
  return printed
}

test('on the box, before anybody signed in: a key, an agent token and a link, each printed alone', async () => {
  const link = await admin('sign-in-link')
  expect(link).toMatch(/^http:\/\/localhost:17130\/sign-in#[A-Za-z0-9_-]{43}$/)
  expect(parseToken(await admin('key', 'create'))).toMatchObject({ type: 'ing' })
  expect(parseToken(await admin('agent-token', '--queues', 'gpu, cpu'))).toMatchObject({ type: 'reg' })
  expect(JSON.parse(await admin('key', 'create', '--scope', 'admin', '--days', '7', '--json'))).toMatchObject({
    scope: 'admin',
    name: 'made on the box',
    project: null,
  })
})

test.each([
  [['key', 'create', '--scope', 'owner'], '--scope'],
  [['key', 'create', '--days', 'soon'], '--days is "soon"'],
  [['key', 'create', '--workspace', 'absent'], 'does not exist'],
  [['agent-token', '--queues', 'GPU!'], '"GPU!" is no name of a queue'],
])('%j is refused, saying what is wrong', async (words, sentence) => {
  await expect(admin(...words)).rejects.toThrow(sentence)
})
