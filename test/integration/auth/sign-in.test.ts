import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allowHosts } from '#src/api/allowed-hosts.ts'
import { cookieSettings, readSessionId } from '#src/api/auth/session.ts'
import { makeHost } from '#src/api/make-host.ts'
import { createTrpc } from '#src/api/trpc/mount.ts'
import { addressPrefix } from '#src/server/client-address.ts'
import type { Actor } from '#src/services/actor.ts'
import { findSessionActor } from '#src/services/auth/find-session-actor.ts'
import { mintSetupLink, mintSignInLink } from '#src/services/auth/mint-sign-in-link.ts'
import { redeemSignInLink } from '#src/services/auth/redeem-sign-in-link.ts'
import { setUpInstance } from '#src/services/auth/set-up-instance.ts'
import { hashSecret } from '#src/services/keys/new-token.ts'
import { type TestServices, testServices } from '#test/setup/services.ts'

const operator: Actor = { kind: 'operator' }
const anonymous: Actor = { kind: 'anonymous' }
const tokenOf = (url: string | null) => url?.split('#')[1] ?? ''
const redemption = (token: string) => ({ token, userAgent: 'a browser', addressPrefix: '10.0.0.0/24' })

async function each(work: (world: TestServices) => Promise<void>): Promise<void> {
  const world = await testServices()
  try {
    await work(world)
  } finally {
    await world.close()
  }
}

const sessionOf = (world: TestServices, token: string) => redeemSignInLink(world.as(anonymous), redemption(token))

describe('an empty instance', () => {
  test('is set up by the printed link, once, in a fragment that no server sees', () =>
    each(async (world) => {
      const url = await mintSetupLink(world.as(operator))
      expect(url).toMatch(/^http:\/\/localhost:7070\/sign-in#[A-Za-z0-9_-]{43}$/)
      const { sid } = await sessionOf(world, tokenOf(url))
      const actor = await findSessionActor(world.services.db, sid)
      expect(actor).toMatchObject({
        kind: 'user',
        isInstanceAdmin: true,
        memberships: [{ slug: 'main', role: 'owner' }],
      })
      await expect(sessionOf(world, tokenOf(url))).rejects.toMatchObject({ code: 'unauthenticated' })
      expect(await mintSetupLink(world.as(operator))).toBeNull()
    }))

  test('has exactly one owner when ten visitors redeem one link at once', () =>
    each(async (world) => {
      const token = tokenOf(await mintSetupLink(world.as(operator)))
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => sessionOf(world, token)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const counts = await world.database
        .sql`select (select count(*)::int from users) as users, (select count(*)::int from workspaces) as workspaces`
      expect(counts[0]).toMatchObject({ users: 1, workspaces: 1 })
    }))

  test('prints another link at each start, and only the last is good', () =>
    each(async (world) => {
      const first = tokenOf(await mintSetupLink(world.as(operator)))
      const second = tokenOf(await mintSetupLink(world.as(operator)))
      await expect(sessionOf(world, first)).rejects.toMatchObject({ code: 'unauthenticated' })
      expect(await sessionOf(world, second)).toMatchObject({ userId: expect.any(Number) })
    }))

  test('that was set up on the box lets the printed link sign in that owner', () =>
    each(async (world) => {
      const token = tokenOf(await mintSetupLink(world.as(operator)))
      const [a, b] = await Promise.all([setUpInstance(world.as(operator)), setUpInstance(world.as(operator))])
      expect([a.made, b.made].filter(Boolean)).toHaveLength(1)
      expect((await sessionOf(world, token)).userId).toBe(a.userId)
    }))

  test('stays closed once it was set up, even when no user is left', () =>
    each(async (world) => {
      await setUpInstance(world.as(operator))
      await world.database.sql`delete from members`
      await world.database.sql`delete from users`
      expect(await mintSetupLink(world.as(operator))).toBeNull()
      await expect(mintSignInLink(world.as(operator))).rejects.toMatchObject({ code: 'conflict' })
    }))
})

describe('a sign-in link', () => {
  let world: TestServices
  beforeAll(async () => {
    world = await testServices()
    await setUpInstance(world.as(operator))
  })
  afterAll(() => world.close())

  test('is stored hashed and told to the audit log without its token', async () => {
    const token = tokenOf((await mintSignInLink(world.as(operator))).url)
    const rows = await world.database.sql`select token_hash from sign_in_links where token_hash = ${hashSecret(token)}`
    expect(rows).toHaveLength(1)
    const { sid } = await sessionOf(world, token)
    const text = JSON.stringify(
      [
        await world.database.sql`select * from sign_in_links`,
        await world.database.sql`select * from sessions`,
        await world.database.sql`select * from audit_log`,
        world.lines,
      ],
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
    )
    expect(text).not.toContain(token)
    expect(text).not.toContain(sid)
    expect(text).toContain('sign-in-link.mint')
  })

  test.each([
    [
      'that has expired',
      async (hash: string) =>
        void (await world.database
          .sql`update sign_in_links set expires_at = now() - interval '1 second' where token_hash = ${hash}`),
    ],
    [
      'that was used',
      async (hash: string) =>
        void (await world.database.sql`update sign_in_links set used_at = now() where token_hash = ${hash}`),
    ],
    [
      'that never existed',
      async (hash: string) => void (await world.database.sql`delete from sign_in_links where token_hash = ${hash}`),
    ],
  ])('%s is refused in the same words', async (_, spoil) => {
    const token = tokenOf((await mintSignInLink(world.as(operator))).url)
    await spoil(hashSecret(token))
    await expect(sessionOf(world, token)).rejects.toThrow('was used, has expired or never existed')
  })

  test.each(['', 'x', 'a'.repeat(5_000), '\u0000'.repeat(43), '../../etc'])(
    'of a token such as %j is refused without a look',
    async (token) => {
      await expect(sessionOf(world, token)).rejects.toMatchObject({ code: 'unauthenticated' })
    },
  )

  test.each([anonymous, { kind: 'clock' } satisfies Actor])('is not made for $kind', async (actor) => {
    await expect(mintSignInLink(world.as(actor))).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('a session', () => {
  const SECRET = 's'.repeat(40)
  const cookie = cookieSettings('http://localhost:7070', SECRET)
  let world: TestServices
  let host: ReturnType<typeof makeHost>
  let trpc: ReturnType<typeof createTrpc>

  beforeAll(async () => {
    world = await testServices()
    await setUpInstance(world.as(operator))
    host = makeHost({ services: world.services, cookie, addressPrefix })
    trpc = createTrpc({
      services: world.services,
      hosts: allowHosts({ publicUrl: 'http://localhost:7070', port: 7070, more: [] }),
      getActor: host.getActor,
      closed: () => null,
    })
  })
  afterAll(() => world.close())

  async function signIn(): Promise<{ sid: string; header: string }> {
    const token = tokenOf((await mintSignInLink(world.as(operator))).url)
    const found = await host.redeemSignInLink({ token, userAgent: 'a browser', address: '10.1.2.3' })
    const sid = found?.sid ?? ''
    return { sid, header: `${cookie.name}=${await encodeCookie(sid)}` }
  }

  async function encodeCookie(sid: string, secret = SECRET): Promise<string> {
    const { encode } = await import('next-auth/jwt')
    return await encode({ token: { sid }, secret })
  }

  const call = async (procedure: string, header: string, input?: object) => {
    const answer = await trpc.request(`http://localhost:7070/api/trpc/${procedure}`, {
      method: input ? 'POST' : 'GET',
      headers: {
        cookie: header,
        host: 'localhost:7070',
        ...(input && { 'content-type': 'application/json', origin: 'http://localhost:7070' }),
      },
      ...(input && { body: JSON.stringify(input) }),
    })
    return { status: answer.status, body: await answer.json() }
  }

  test('tells who it is and what they may do where', async () => {
    const { header } = await signIn()
    const { status, body } = await call('me.get', header)
    expect(status).toBe(200)
    expect(body.result.data).toMatchObject({
      is_instance_admin: true,
      workspaces: [
        { slug: 'main', role: 'owner', permissions: expect.arrayContaining(['run:write', 'key:manage-all']) },
      ],
    })
  })

  test('serves pages through the host, with the same names and checks', async () => {
    const { header } = await signIn()
    const caller = await host.caller(new Headers({ cookie: header }))
    expect((await caller.members.list({ workspace: 'main' }))[0]).toMatchObject({ role: 'owner' })
    const stranger = await host.caller(new Headers())
    await expect(stranger.members.list({ workspace: 'main' })).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test('that was revoked is nobody at its next request', async () => {
    const [mine, other] = [await signIn(), await signIn()]
    const list = (await call('sessions.list', mine.header)).body.result.data
    expect(list.filter(({ current }: { current: boolean }) => current)).toHaveLength(1)
    expect(list[0]).toMatchObject({ method: 'link', address_prefix: '10.1.2.0/24', user_agent: 'a browser' })
    const actor = await findSessionActor(world.services.db, other.sid)
    const id = actor.kind === 'user' ? actor.sessionId : 0
    expect((await call('sessions.revoke', mine.header, { id })).status).toBe(200)
    expect((await call('me.get', other.header)).status).toBe(401)
    expect((await call('me.get', mine.header)).status).toBe(200)
    expect((await call('sessions.revoke', mine.header, { id })).body.error.data.problem.code).toBe('not_found')
  })

  test('ends at sign-out, and all others at a word', async () => {
    const [mine, other] = [await signIn(), await signIn()]
    await call('sessions.revokeOthers', mine.header, {})
    expect((await call('me.get', other.header)).status).toBe(401)
    await host.endSession(mine.sid)
    expect((await call('me.get', mine.header)).status).toBe(401)
  })

  test.each([
    ['idle for more than a week', `last_seen_at = now() - interval '7 days 1 second'`],
    ['older than thirty days', `expires_at = now() - interval '1 second'`],
  ])('that is %s is over', async (_, change) => {
    const { sid, header } = await signIn()
    await world.database.sql.unsafe(`update sessions set ${change} where token_hash = '${hashSecret(sid)}'`)
    expect((await call('me.get', header)).status).toBe(401)
  })

  test('is seen at most once a minute', async () => {
    const { sid, header } = await signIn()
    const seen = async () =>
      (await world.database.sql`select last_seen_at::text as at from sessions where token_hash = ${hashSecret(sid)}`)[0]
        ?.at
    const first = await seen()
    await call('me.get', header)
    expect(await seen()).toBe(first)
    await world.database
      .sql`update sessions set last_seen_at = now() - interval '2 minutes' where token_hash = ${hashSecret(sid)}`
    await call('me.get', header)
    expect(await seen()).not.toBe(first)
  })

  test('of a cookie that is foreign, forged or damaged is nobody', async () => {
    const { sid } = await signIn()
    const good = await encodeCookie(sid)
    const headers = [
      '',
      `other=${good}`,
      `next-auth.session-token=${good}`,
      `__Secure-next-auth.session-token=${good}`,
      `${cookie.name}=${good.slice(0, -4)}`,
      `${cookie.name}=${await encodeCookie(sid, 'another'.repeat(8))}`,
      `${cookie.name}=${await encodeCookie('x')}`,
      `${cookie.name}=`,
      `${cookie.name}=%00;;;=`,
    ]
    for (const header of headers) expect((await call('me.get', header)).status, header.slice(0, 40)).toBe(401)
    expect(await readSessionId(`a=b; ${cookie.name}=${good}`, cookie)).toBe(sid)
  })

  test('of another workspace answers as one that is not there', async () => {
    const { header } = await signIn()
    await world.database.sql`insert into workspaces (slug, name) values ('foreign', 'Foreign')`
    const [foreign, absent] = await Promise.all(
      ['foreign', 'absent'].map(
        async (workspace) =>
          await call(`members.list?input=${encodeURIComponent(JSON.stringify({ workspace }))}`, header),
      ),
    )
    expect(foreign?.status).toBe(404)
    const problem = (answer: typeof foreign) => ({ ...answer?.body.error.data.problem, instance: '' })
    expect(problem(foreign)).toEqual(problem(absent))
  })
})
