/** What the definition of a benchmark may say, and what of it may change once numbers hang on it. */
import type { BenchmarkKind, BenchmarkUse } from './benchmarks.ts'
import type { Facet } from './facets.ts'
import type { GainLabel } from './gain-label.ts'
import { isDay } from './validity.ts'

/** The fields of a benchmark that people edit. */
export interface BenchmarkDefinition {
  name: string
  category: string
  use: BenchmarkUse | null
  kind: BenchmarkKind
  higher_is_better: boolean
  chance: number | null
  best: number | null
  unit: string | null
  margin: number | null
  description: string
  /** Null: what its category says. */
  gain: GainLabel | null
  /** The last day on which its answers hold, as YYYY-MM-DD. */
  valid_until: string | null
  domain: string | null
  facet: Facet | null
}

export interface DefinitionObjection {
  field: keyof BenchmarkDefinition
  message: string
}

/** Fields that say what every number means: they stay once a number is there. */
const FROZEN: readonly (keyof BenchmarkDefinition)[] = ['kind', 'higher_is_better', 'unit']

/** Why a definition cannot be, null when it can: shares lie between 0 and 1, and the best value is better than chance. */
export function definitionObjection(
  of: Omit<BenchmarkDefinition, 'name' | 'category' | 'use' | 'description' | 'gain'>,
): DefinitionObjection | null {
  const isShare = of.kind === 'accuracy' || (of.kind === 'rate' && !of.unit)
  for (const field of ['chance', 'best'] as const) {
    const value = of[field]
    if (isShare && value !== null && (value < 0 || value > 1))
      return { field, message: `${field} is ${value}; of ${of.kind} it is a share between 0 and 1, such as 0.25.` }
  }
  if (of.chance !== null && of.best !== null && (of.higher_is_better ? of.best <= of.chance : of.best >= of.chance))
    return {
      field: 'best',
      message: `The best value ${of.best} is not better than chance, ${of.chance}, where ${of.higher_is_better ? 'higher' : 'lower'} is better.`,
    }
  if (of.margin !== null && !(of.margin > 0))
    return { field: 'margin', message: `The margin is ${of.margin}; the smallest change that matters is above 0.` }
  if (of.valid_until !== null && !isDay(of.valid_until))
    return { field: 'valid_until', message: `"${of.valid_until}" is no day; write it as 2026-12-31.` }
  if (of.facet !== null && of.domain === null)
    return { field: 'domain', message: `${of.facet} is a facet of a domain: say which, such as "medicine".` }
  return null
}

/**
 * What an edit changes, field by field, or why it may not. What a number means (kind, direction, unit) stays once the benchmark was
 * measured: evaluations would change their meaning behind their readers' backs.
 *
 * @param change fields that are absent stay
 */
export function editDefinition(
  known: BenchmarkDefinition,
  change: Partial<BenchmarkDefinition>,
  of: { slug: string; evaluations: number },
):
  | { kind: 'changes'; fields: readonly (keyof BenchmarkDefinition)[]; next: BenchmarkDefinition }
  | { kind: 'objection'; objection: DefinitionObjection }
  | { kind: 'frozen'; objection: DefinitionObjection } {
  const next: BenchmarkDefinition = { ...known, ...change }
  const fields = (Object.keys(known) as (keyof BenchmarkDefinition)[]).filter((field) => next[field] !== known[field])
  const frozen =
    of.evaluations > 0 ? fields.find((field) => FROZEN.includes(field) && known[field] !== null) : undefined
  if (frozen)
    return {
      kind: 'frozen',
      objection: {
        field: frozen,
        message: `${frozen} of "${of.slug}" stays ${JSON.stringify(known[frozen])}: ${of.evaluations} ${of.evaluations === 1 ? 'evaluation counts' : 'evaluations count'} by it. Define another benchmark under another slug.`,
      },
    }
  const objection = definitionObjection(next)
  return objection ? { kind: 'objection', objection } : { kind: 'changes', fields, next }
}
