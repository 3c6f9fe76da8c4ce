import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatToken, parseToken } from '#src/core/auth/token.ts'
import type { Role } from '#src/core/roles/permissions.ts'
import type { Actor } from '#src/services/actor.ts'
import { openIdentifier, TOKEN_CACHE_MS } from '#src/services/auth/identify-token.ts'
import { setUpInstance } from '#src/services/auth/set-up-instance.ts'
import { listKeys } from '#src/services/keys/list.ts'
import { mintKey } from '#src/services/keys/mint.ts'
import { hashSecret } from '#src/services/keys/new-token.ts'
import { revokeKey } from '#src/services/keys/revoke.ts'
import { type TestServices, testServices } from '#test/setup/services.ts'

const operator: Actor = { kind: 'operator' }
let world: TestServices
let workspaceId = 0

beforeAll(async () => {
  world = await testServices()
  await setUpInstance(world.as(operator))
  const [row] = await world.database.sql<{ id: number }[]>`select id from workspaces`
  workspaceId = row?.id ?? 0
  await world.database.sql`insert into projects (workspace_id, slug, name) values (${workspaceId}, 'p', 'P')`
})
afterAll(() => world.close())

async function member(role: Role): Promise<Extract<Actor, { kind: 'user' }>> {
  const [user] = await world.database.sql<
    { id: number }[]
  >`insert into users (name) values (${role}) returning id::int as id`
  const userId = user?.id ?? 0
  await world.database
    .sql`insert into members (workspace_id, user_id, role) values (${workspaceId}, ${userId}, ${role})`
  return {
    kind: 'user',
    userId,
    sessionId: 1,
    name: role,
    isInstanceAdmin: false,
    memberships: [{ workspaceId, slug: 'main', name: 'Main', role }],
  }
}

const mint = (actor: Actor, more: Partial<Parameters<typeof mintKey>[1]> = {}) =>
  mintKey(world.as(actor), { workspace: 'main', scope: 'ingest', name: 'test', ...more })

/** An identifier that counts the statements of its look-ups. */
function counting() {
  let selects = 0
  const db = new Proxy(world.services.db, {
    get: (target, name, receiver) => {
      if (name === 'select') selects++
      return Reflect.get(target, name, receiver)
    },
  })
  const identifier = openIdentifier({ db, now: world.services.now, log: world.services.log })
  return { identifier, selects: () => selects }
}

describe('a key', () => {
  test('is shown once: afterwards its prefix, its last four and nothing else', async () => {
    const minted = await mint(operator, { project: 'p', name: 'box' })
    expect(minted.key).toMatch(/^dsc_ing-[A-Za-z0-9]{40}$/)
    const [row] = await listKeys(world.as(operator), { workspace: 'main' })
    expect(row).toMatchObject({
      id: minted.id,
      prefix: `dsc_ing-${minted.id}`,
      last_four: minted.key.slice(-4),
      project: 'p',
      name: 'box',
      state: 'active',
      last_used_at: null,
    })
    const secret = parseToken(minted.key)?.secret ?? ''
    const stored = JSON.stringify(
      [
        row,
        await world.database.sql`select * from api_keys`,
        await world.database.sql`select * from audit_log`,
        world.lines,
      ],
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
    )
    expect(stored).not.toContain(secret)
    expect(stored).toContain(hashSecret(secret))
    expect(stored).toContain('key.mint')
  })

  test('tells its actor: scope, workspace, project, and its maker’s present role', async () => {
    const { identifier } = counting()
    const bound = await identifier.identify((await mint(operator, { project: 'p' })).key)
    expect(bound).toMatchObject({
      kind: 'apiKey',
      scope: 'ingest',
      workspaceSlug: 'main',
      projectId: expect.any(Number),
      creatorRole: 'owner',
    })
    expect(await identifier.identify((await mint(operator, { scope: 'read' })).key)).toMatchObject({
      scope: 'read',
      projectId: null,
    })
  })

  test('with a wrong checksum is refused before any SQL', async () => {
    const { identifier, selects } = counting()
    const { key } = await mint(operator)
    const wrong = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
    for (const text of [
      wrong,
      'dsc_ing-',
      '',
      'x',
      `dsc_ing-${'A'.repeat(40)}`,
      '\u0000',
      key.toLowerCase(),
      `${key} `,
    ])
      await expect(identifier.identify(text)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(identifier.identify(null)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(selects()).toBe(0)
  })

  test('with a right id and another secret is refused, and the words are those for an unknown one', async () => {
    const { identifier } = counting()
    const { key, id } = await mint(operator)
    await identifier.identify(key)
    const forged = formatToken({ type: 'ing', id, secret: 'A'.repeat(24) })
    const unknown = formatToken({ type: 'ing', id: 'A'.repeat(10), secret: 'A'.repeat(24) })
    const words = await Promise.all(
      [forged, unknown].map((text) => identifier.identify(text).catch((error: Error) => error.message)),
    )
    expect(words[0]).toBe(words[1])
    const otherType = formatToken({ type: 'adm', id, secret: parseToken(key)?.secret ?? '' })
    await expect(identifier.identify(otherType)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('is looked up once in five seconds, however often it is used', async () => {
    const { identifier, selects } = counting()
    const { key } = await mint(operator)
    await Promise.all(Array.from({ length: 50 }, () => identifier.identify(key)))
    expect(selects()).toBe(1)
  })

  test('that was revoked or has expired is refused within five seconds', async () => {
    const { identifier } = counting()
    const revoked = await mint(operator)
    const expiring = await mint(operator, { expires_at: new Date(Date.now() + 4_000).toISOString() })
    await Promise.all([identifier.identify(revoked.key), identifier.identify(expiring.key)])
    await revokeKey(world.as(operator), { workspace: 'main', id: revoked.id })
    const at = Date.now()
    const refusedAfter = (key: string) =>
      expect
        .poll(
          () =>
            identifier.identify(key).then(
              () => 'taken',
              (error: { code: string }) => error.code,
            ),
          { timeout: TOKEN_CACHE_MS + 10_000, interval: 100 },
        )
        .toBe('unauthenticated')
    await Promise.all([refusedAfter(revoked.key), refusedAfter(expiring.key)])
    expect(Date.now() - at).toBeLessThan(TOKEN_CACHE_MS + 3_000)
    const states = (await listKeys(world.as(operator), { workspace: 'main' }))
      .filter(({ id }) => [revoked.id, expiring.id].includes(id))
      .map(({ state }) => state)
    expect(states.sort()).toEqual(['expired', 'revoked'])
  })

  test('is taken also where its look-up took longer than it may be remembered', async () => {
    const { key } = await mint(operator, { expires_at: new Date(Date.now() + 3_600_000).toISOString() })
    let ms = Date.now()
    const now = () => {
      ms += TOKEN_CACHE_MS + 1
      return new Date(ms)
    }
    const { identify } = openIdentifier({ db: world.services.db, now, log: world.services.log })
    expect(await identify(key)).toMatchObject({ kind: 'apiKey' })
    ms += 3_600_000
    await expect(identify(key)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('notes its use once a minute, and not for a wrong secret', async () => {
    const { key, id } = await mint(operator)
    const used = async () =>
      (await listKeys(world.as(operator), { workspace: 'main' })).find((row) => row.id === id)?.last_used_at
    const wrong = formatToken({ type: 'ing', id, secret: 'A'.repeat(24) })
    await counting()
      .identifier.identify(wrong)
      .catch(() => {})
    expect(await used()).toBeNull()
    await counting().identifier.identify(key)
    await expect.poll(used).not.toBeNull()
    const first = await used()
    await counting().identifier.identify(key)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await used()).toBe(first)
  })

  test('dies with the membership of its maker', async () => {
    const editor = await member('editor')
    const { key } = await mint(editor)
    expect(await counting().identifier.identify(key)).toMatchObject({ creatorRole: 'editor' })
    await world.database.sql`delete from members where user_id = ${editor.userId}`
    await expect(counting().identifier.identify(key)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('who may make and end keys', () => {
  test('an actor who may only read makes, sees and ends none', async () => {
    const viewer = await member('viewer')
    const { id } = await mint(operator)
    const refused = { code: 'forbidden', detail: { permission: 'key:manage-own' } }
    await expect(mint(viewer)).rejects.toMatchObject(refused)
    await expect(listKeys(world.as(viewer), { workspace: 'main' })).rejects.toMatchObject(refused)
    await expect(revokeKey(world.as(viewer), { workspace: 'main', id })).rejects.toMatchObject(refused)
  })

  test('an editor makes ingest and read keys, and sees and ends only these', async () => {
    const editor = await member('editor')
    await expect(mint(editor, { scope: 'admin' })).rejects.toMatchObject({ code: 'forbidden' })
    const mine = await mint(editor, { scope: 'read' })
    const other = await mint(operator)
    expect((await listKeys(world.as(editor), { workspace: 'main' })).map(({ id }) => id)).toEqual([mine.id])
    await expect(revokeKey(world.as(editor), { workspace: 'main', id: other.id })).rejects.toMatchObject({
      code: 'not_found',
    })
    await revokeKey(world.as(editor), { workspace: 'main', id: mine.id })
    await expect(revokeKey(world.as(editor), { workspace: 'main', id: mine.id })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('no key makes another', async () => {
    const key = await counting().identifier.identify((await mint(operator, { scope: 'admin' })).key)
    await expect(mint(key)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('an admin key ends within 90 days, said or not', async () => {
    const days = (await mint(operator, { scope: 'admin' })).expires_at
    expect((Date.parse(days ?? '') - Date.now()) / 86_400_000).toBeCloseTo(90, 1)
    const far = new Date(Date.now() + 91 * 86_400_000).toISOString()
    await expect(mint(operator, { scope: 'admin', expires_at: far })).rejects.toThrow('90 days at most')
    await expect(mint(operator, { expires_at: '2020-01-01T00:00:00Z' })).rejects.toThrow('2020-01-01T00:00:00Z')
  })

  test('a project that is not there is not found, and nothing is written', async () => {
    const before = await world.database.sql`select count(*)::int as n from api_keys`
    await expect(mint(operator, { project: 'absent' })).rejects.toMatchObject({ code: 'not_found' })
    expect(await world.database.sql`select count(*)::int as n from api_keys`).toEqual(before)
  })
})
