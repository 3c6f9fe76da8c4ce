import { readFileSync } from 'node:fs'
import { OpenAPIHono } from '@hono/zod-openapi'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { isRoute } from '#src/api/define-route.ts'
import { appRouter } from '#src/api/trpc/root.ts'
import { describeRoutes } from '#src/api/v1/openapi.ts'
import { v1Routes } from '#src/api/v1/routes.ts'
import { PERMISSIONS } from '#src/core/roles/permissions.ts'
import { EXAMPLE_SECRET, FILE_VARIABLES, VARIABLES } from '#src/env.ts'
import { files, read } from './repository.ts'

/** Frozen: whoever adds a name here opens a door without a key. */
const WITHOUT_KEY = ['post /agents/register registration', 'post /agents/token public']
const FOR_NOBODY: string[] = []
const FOR_WHOEVER_IS_SIGNED_IN = [
  'me.get',
  'sessions.list',
  'sessions.revoke',
  'sessions.revokeOthers',
  'workspaces.list',
]

interface Procedure {
  _def: { meta?: { permission?: string } }
}

/** tRPC types its flat list of procedures by their inputs; what is read here is the same for all. */
const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)
const permissionOf = (procedure: Procedure) => procedure._def.meta?.permission

describe('every procedure', () => {
  test('carries a permission', () => {
    expect(procedures.length).toBeGreaterThan(5)
    const known = new Set<string | undefined>([...PERMISSIONS, 'user', 'public'])
    expect(procedures.filter(([, procedure]) => !known.has(permissionOf(procedure))).map(([name]) => name)).toEqual([])
  })

  test('that asks for no permission is on a frozen list', () => {
    const named = (permission: string) =>
      procedures.filter(([, p]) => permissionOf(p) === permission).map(([name]) => name)
    expect(named('public').sort()).toEqual(FOR_NOBODY)
    expect(named('user').sort()).toEqual(FOR_WHOEVER_IS_SIGNED_IN)
  })
})

describe('every route of /api/v1', () => {
  test('was made by defineRoute, once per method and path, and those without a key are on a frozen list', () => {
    expect(v1Routes.filter((route) => !isRoute(route))).toEqual([])
    const names = v1Routes.map(({ method, path }) => `${method} ${path}`)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
    const open = v1Routes
      .filter(({ auth }) => auth !== 'key')
      .map(({ method, path, auth }) => `${method} ${path} ${auth}`)
    expect(open.sort()).toEqual(WITHOUT_KEY)
  })
})

test('Next has one route that is no page: sign-in, whose bodies and origins the process checks in front', () => {
  expect(files().filter((file) => /^src\/app\/(.*\/)?route\.(ts|tsx|js)$/.test(file))).toEqual([
    'src/app/api/auth/[...nextauth]/route.ts',
  ])
})

test('the description of /api/v1 names every route once and every shape that it refers to', () => {
  const document = JSON.stringify(describeRoutes(new OpenAPIHono(), v1Routes)())
  const { paths, components } = z
    .object({
      paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))),
      components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
    })
    .parse(JSON.parse(document))
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId))
  expect([ids.length, new Set(ids).size]).toEqual([v1Routes.length, v1Routes.length])
  const named = [...document.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '')
  expect(named.filter((name) => !(name in components.schemas))).toEqual([])
  expect(document).not.toContain('$defs')
})

describe('.env.example', () => {
  const text = readFileSync('.env.example', 'utf8')
  const written = [...text.matchAll(/^# ([A-Z_]+)=(.*)$/gm)]

  test('names each variable once, with the sentence of env.ts above it', () => {
    expect(written.map(([, name]) => name).sort()).toEqual(Object.keys(VARIABLES).sort())
    for (const [name, shape] of Object.entries(VARIABLES)) expect(text).toContain(`# ${shape.description}\n# ${name}=`)
  })

  test('says which may come from a file, and holds the one secret that is refused', () => {
    for (const name of FILE_VARIABLES) expect(text).toContain(`${name}_FILE`)
    expect(text).toContain(`AUTH_SECRET=${EXAMPLE_SECRET}`)
  })
})

test('every request that a table or a picture offers is a route that reads', () => {
  const reads = (v1Routes as readonly { method: string; path: string }[]).filter(({ method }) => method === 'get')
  const isRead = (path: string) =>
    reads.some((route) => new RegExp(`^${route.path.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path))
  const offered = files()
    .filter((file) => /^src\/(app|ui)\/.*\.tsx$/.test(file))
    .flatMap((file) =>
      [...read(file).matchAll(/\bpath: (['`])(\/[^'`]*)\1,\s*query/g)].map(([, , path = '']) => ({
        file,
        path: path.replace(/\$\{[^}]*\}/g, 'x'),
      })),
    )
  expect(offered.length).toBeGreaterThan(20)
  expect(offered.filter(({ path }) => !isRead(path))).toEqual([])
})
