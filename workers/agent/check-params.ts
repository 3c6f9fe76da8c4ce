import path from 'node:path'
import type { Parameter, Recipe } from './recipes.ts'

export type ParamValue = string | number | boolean

export type Checked = { ok: true; params: Record<string, ParamValue> } | { ok: false; why: string }

/**
 * Checks the parameters of a job against the recipe on this machine, whatever the server says, and adds the defaults. A null
 * counts as absent.
 */
export function checkParams(recipe: Recipe, given: Readonly<Record<string, unknown>>): Checked {
  const params: Record<string, ParamValue> = {}
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(recipe.params, name) ? recipe.params[name] : undefined
    if (!rule) {
      const known = Object.keys(recipe.params).join(', ') || 'none'
      return { ok: false, why: `recipe ${recipe.name} has no parameter "${name.slice(0, 100)}"; it has ${known}` }
    }
    if (value === null) continue
    const why = whyNot(rule, value, recipe)
    if (why) return { ok: false, why: `parameter ${name} of recipe ${recipe.name} is ${shown(value)}: ${why}` }
    params[name] = value as ParamValue
  }
  for (const [name, rule] of Object.entries(recipe.params)) {
    if (params[name] !== undefined) continue
    if (rule.default !== undefined) params[name] = rule.default
    else if (rule.required) return { ok: false, why: `recipe ${recipe.name} needs the parameter ${name}` }
  }
  return { ok: true, params }
}

function whyNot(rule: Parameter, value: unknown, recipe: Recipe): string | null {
  switch (rule.type) {
    case 'int':
    case 'float': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'it must be a number'
      if (rule.type === 'int' && !Number.isSafeInteger(value)) return 'it must be a whole number'
      if (rule.min !== undefined && value < rule.min) return `it must be ${rule.min} at least`
      return rule.max !== undefined && value > rule.max ? `it must be ${rule.max} at most` : null
    }
    case 'bool':
      return typeof value === 'boolean' ? null : 'it must be true or false'
    case 'string':
      if (typeof value !== 'string') return 'it must be a text'
      if (value.length > rule.max_length) return `it must have ${rule.max_length} characters at most`
      if (rule.enum && !rule.enum.includes(value)) return `it must be one of ${rule.enum.join(', ')}`
      return unsafeText(value)
    case 'path':
      if (typeof value !== 'string' || value === '') return 'it must be a path'
      return unsafeText(value) ?? outside(value, rule.below, recipe)
  }
}

/** No control character reaches a command line, and no text that a program would take for an option. */
function unsafeText(value: string): string | null {
  for (const char of value) if (char < ' ' || char === '\u007f') return 'it has a control character'
  return value.startsWith('-') ? 'it begins with "-"' : null
}

function outside(value: string, below: readonly string[] | undefined, recipe: Recipe): string | null {
  if (value.split(/[\\/]/).includes('..')) return 'it has a ".." segment'
  if (!below) return null
  const base = recipe.workingDir ?? '/'
  const full = path.resolve(base, value)
  const inside = below
    .map((folder) => path.resolve(base, folder))
    .some((f) => full === f || full.startsWith(f + path.sep))
  return inside ? null : `it must lie below ${below.join(' or ')}`
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 120) ?? String(value)
