import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { files, read, root } from './repository.ts'

interface Cruise {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number }
}

test('imports only go down', { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)('npx', ['depcruise', 'src', 'workers', '--output-type', 'json'], {
    cwd: root,
    maxBuffer: 1 << 28,
  }).catch((e: { stdout: string }) => e)
  const { summary } = JSON.parse(stdout) as Cruise
  expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([])
  // Without its TypeScript parser the tool sees a handful of modules and reports nothing.
  const own = files().filter((f) => /^(src|workers)\/.*\.tsx?$/.test(f)).length
  expect(summary.totalCruised).toBeGreaterThanOrEqual(own)
})

test('scopes are made only where membership, key, job or clock has just been checked', () => {
  const makers = files().filter(
    (f) =>
      /^src\/.*\.tsx?$/.test(f) &&
      !/\.test\.ts$/.test(f) &&
      f !== 'src/db/scope.ts' &&
      /\b(workspaceScope|projectScope)\(/.test(read(f)),
  )
  const allowed =
    /^src\/(services\/(workspaces|runs|experiments|checkpoints|agents|jobs|auth|keys|pipelines|artifacts|metrics|evaluations)\/|api\/(clock|auth)\/)/
  expect(makers.filter((f) => !allowed.test(f))).toEqual([])
})

test('pages reach verbs through the host or tRPC: nothing below src/app or src/ui imports a value of db or services', () => {
  const bad = files().filter(
    (f) =>
      /^src\/(app|ui)\/.*\.tsx?$/.test(f) &&
      /^import (?!type\b)[^;]*?from '(#src|[./]+)\/?(db|services)\//m.test(read(f)),
  )
  expect(bad).toEqual([])
})

/** Files whose values a file imports, on the floors that a browser may run; a path as `src/ui/…`, or a package. */
function valuesOf(file: string): string[] {
  return [...read(file).matchAll(/^(?:import|export) (?!type\b)([^'";]*?)from '([^']+)'/gm)].flatMap(
    ([, names = '', from = '']) => {
      if (/^\{(\s*type [^,}]+,?)+\s*\}\s*$/.test(names)) return []
      if (from.startsWith('#src/')) return [from.slice(1)]
      return from.startsWith('.') ? [path.posix.join(path.posix.dirname(file), from)] : [from]
    },
  )
}

test('screens carry no schemas and no statistics: nothing that a browser runs reaches zod or @stdlib, however far', () => {
  // Both evaluate code when they are loaded, which the policy of the pages forbids.
  const isHeavy = (name: string) => name === 'zod' || name.startsWith('@stdlib/')
  const known = new Map<string, string | null>()
  const wayToHeavy = (file: string): string | null => {
    const seen = known.get(file)
    if (seen !== undefined) return seen
    known.set(file, null)
    for (const next of valuesOf(file)) {
      const rest = isHeavy(next) ? next : /^src\/(app|ui|core|protocol)\//.test(next) ? wayToHeavy(next) : null
      if (rest !== null) {
        known.set(file, `${file} → ${rest}`)
        break
      }
    }
    return known.get(file) ?? null
  }
  const browser = files().filter(
    // Pages and layouts run on the server.
    (f) => /^src\/(app|ui)\/.*\.tsx?$/.test(f) && !/(\.test\.tsx?|\/(page|layout|route)\.tsx?)$/.test(f),
  )
  expect(wayToHeavy('src/protocol/words.ts')).toContain('zod')
  expect(browser.flatMap((file) => wayToHeavy(file) ?? [])).toEqual([])
})
