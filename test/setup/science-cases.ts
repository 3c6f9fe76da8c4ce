/**
 * Cases of `test/fixtures/science` and the rule by which an answer meets one: what is expected is a subset; a number passes within
 * `max(abs, rel · |want|)`, which `paths` overrides below a dotted path; all else is equal or not.
 */
import fs from 'node:fs'

interface Tolerance {
  abs?: number
  rel?: number
}

export interface ScienceCase {
  id: string
  input: { op: string }
  expected: unknown
  tolerance?: Tolerance & { paths?: Record<string, Tolerance> }
}

const folder = new URL('../fixtures/science/', import.meta.url)

/** Families that have cases: one file each. */
export const FAMILIES = fs.readdirSync(folder).map((file) => file.replace(/\.json$/, ''))

/** The cases of a family, as they stand in its file. */
export const casesOf = (family: string): ScienceCase[] =>
  (JSON.parse(fs.readFileSync(new URL(`${family}.json`, folder), 'utf8')) as { cases: ScienceCase[] }).cases

/** Where an answer misses a case, one sentence each; empty: it passes. */
export function misses({ expected, tolerance = {} }: ScienceCase, answer: { status: number; json: string }): string[] {
  const got = JSON.parse(answer.json) as unknown
  if (isObject(expected) && expected.error === true)
    return answer.status === 1 && isObject(got) && isObject(got.error) ? [] : [`no error but ${answer.json}`]
  if (answer.status !== 0) return [`status ${answer.status}: ${answer.json}`]
  return compare(expected, got, '', tolerance)

  function compare(want: unknown, is: unknown, path: string, near: Tolerance): string[] {
    const within = tolerance.paths?.[path] ?? near
    if (Array.isArray(want)) {
      if (!Array.isArray(is) || is.length !== want.length) return [`${path}: ${JSON.stringify(is)}`]
      return want.flatMap((value, i) => compare(value, is[i], at(path, i), within))
    }
    if (isObject(want)) {
      if (!isObject(is)) return [`${path}: ${JSON.stringify(is)}`]
      return Object.entries(want).flatMap(([key, value]) =>
        Object.hasOwn(is, key) ? compare(value, is[key], at(path, key), within) : [`${at(path, key)} is missing`],
      )
    }
    const fits =
      typeof want === 'number' && typeof is === 'number'
        ? Math.abs(is - want) <= Math.max(within.abs ?? 0, (within.rel ?? 0) * Math.abs(want))
        : is === want
    return fits ? [] : [`${path}: ${JSON.stringify(is)} instead of ${JSON.stringify(want)}`]
  }
}

const at = (path: string, key: string | number): string => (path === '' ? String(key) : `${path}.${key}`)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
