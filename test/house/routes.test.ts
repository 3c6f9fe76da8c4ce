import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { RESERVED_PROJECT_SLUGS, RESERVED_WORKSPACE_SLUGS } from '#src/core/projects/reserved-slugs.ts'
import { paths } from '#src/ui/paths.ts'
import { routesOf } from '#test/e2e/setup/routes.ts'

const app = path.resolve(import.meta.dirname, '../../src/app')

/** Folders of pages below src/app, as addresses: `/[workspace]/[project]/runs`. */
const routes = readdirSync(app, { recursive: true, withFileTypes: true })
  .filter((file) => file.name === 'page.tsx')
  .map((file) => `/${path.relative(app, file.parentPath)}`)
  .map((route) => route.replace(/\/$/, '') || '/')

const builders = Object.values(paths).map((build) => {
  const parts = ['w', 'p', 7]
  return (build as (...parts: (string | number)[]) => string)(...parts)
})

const matches = (route: string, address: string): boolean =>
  new RegExp(`^${route.replace(/\[[^\]]+\]/g, '[^/]+')}$`).test(address.replace(/\?.*$/, ''))

test.each(routes)('the page %s has its address in paths.ts', (route) => {
  expect(builders.some((address) => matches(route, address))).toBe(true)
})

test.each(routes.filter((route) => route !== '/'))('the page %s is walked by the accessibility tests', (route) => {
  const at = {
    workspace: 'w',
    project: 'p',
    stage: 1,
    run: 1,
    checkpoint: 'c',
    benchmark: 'b',
    protocol: 'f',
    table: 't',
    comparison: 'c',
  }
  const walked = routesOf(at).find((one) => one.route === route)
  expect(walked && matches(route, walked.address)).toBe(true)
})

test('every address in paths.ts is a page', () => {
  expect(builders.filter((address) => !routes.some((route) => matches(route, address)))).toEqual([])
})

test('pages with fixed names cannot be hidden by a workspace or a project', () => {
  const fixed = (depth: number) =>
    routes.flatMap((route) => {
      const part = route.split('/')[depth]
      return part && !part.startsWith('[') && (depth === 1 || route.startsWith('/[workspace]/')) ? [part] : []
    })
  expect(fixed(1).filter((part) => !RESERVED_WORKSPACE_SLUGS.includes(part))).toEqual([])
  expect(fixed(2).filter((part) => !RESERVED_PROJECT_SLUGS.includes(part))).toEqual([])
})
