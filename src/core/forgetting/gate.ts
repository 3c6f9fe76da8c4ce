/** Where the gate of a stage stands, and what is said of it to whoever waits. */
import type { BudgetVerdict, Gate } from './budget.ts'

/**
 * `open`: what follows may start. `waiting`: it is not known yet, the stage is still to be measured. `closed`: the stage lost more than
 * it may. `overridden`: somebody let it pass with a reason.
 */
export const GATE_STATES = ['open', 'waiting', 'closed', 'overridden'] as const
export type GateState = (typeof GATE_STATES)[number]

export interface GateFacts {
  gate: Gate
  /** True: what follows is held up until the gate opens; false: the gate only says what should be done. */
  holds: boolean
  /** Against the parent and against the root of the lineage; null where there is nothing to judge. */
  verdicts: readonly (BudgetVerdict | null)[]
  /** True while an evaluation of the stage has not ended. */
  evaluating: boolean
  /** Benchmarks that should be kept and were not measured on the stage. */
  unmeasured: number
  overridden: boolean
}

/**
 * A proven excess closes a gate at once, whatever is still to be measured. A gate that holds waits for measurements; one that only
 * says what should be done takes a missing cell as the budget does: a `warn`.
 */
export function gateState({ gate, holds, verdicts, evaluating, unmeasured, overridden }: GateFacts): GateState {
  if (gate === 'off') return 'open'
  if (overridden) return 'overridden'
  if (verdicts.includes('fail')) return 'closed'
  if (holds && (evaluating || unmeasured > 0)) return 'waiting'
  return gate === 'warn' && verdicts.includes('warn') ? 'closed' : 'open'
}

/** True when what follows must not start. */
export const isShut = (state: GateState): boolean => state === 'waiting' || state === 'closed'

const WORDS = { fail: 'over budget', warn: 'not certainly within budget' } as const
const AGAINST = ['its parent', 'the root of its lineage'] as const
const NAMES_TOLD = 4

/**
 * Why a gate is shut, as the end of a sentence: "over budget against its parent, worst in GSM8K".
 *
 * @param worst the name of the benchmark that lost most, in multiples of what it may lose
 * @param unmeasured names of benchmarks that should be kept and were not measured on the stage
 */
export function whyShut(
  state: 'waiting' | 'closed',
  of: Pick<GateFacts, 'verdicts' | 'evaluating'> & { worst: string | null; unmeasured: readonly string[] },
): string {
  if (state === 'waiting') {
    if (of.evaluating) return 'its evaluation has not ended'
    const more = of.unmeasured.length - NAMES_TOLD
    return `not measured on it: ${of.unmeasured.slice(0, NAMES_TOLD).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  }
  const told = of.verdicts.flatMap((verdict, i) =>
    verdict === 'fail' || verdict === 'warn' ? [`${WORDS[verdict]} against ${AGAINST[i] ?? 'another stage'}`] : [],
  )
  return `${told.join(', ')}${of.worst === null ? '' : `, worst in ${of.worst}`}`
}
