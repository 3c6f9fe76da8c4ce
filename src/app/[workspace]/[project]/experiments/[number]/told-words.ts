/** What people and records say of a stage, in words. */
import { MITIGATION_WORDS } from '#src/core/experiments/mitigations.ts'
import type { Experiment } from '#src/protocol/experiments.ts'

/** "Ada, team Alignment"; null where nobody said. */
export const ownerWords = ({ owner, team }: Pick<Experiment, 'owner' | 'team'>): string | null =>
  [owner, team === null ? null : `team ${team}`].filter((part) => part !== null).join(', ') || null

/** "replay, adapter only (from the records)"; "nothing" only where people said so. */
export function mitigationWords({ mitigations }: Pick<Experiment, 'mitigations'>): string | null {
  const { by, tags } = mitigations
  if (tags.length === 0) return by === 'people' ? 'nothing, as people said' : null
  return `${tags.map(({ tag }) => MITIGATION_WORDS[tag]).join(', ')} (${by === 'people' ? 'as people said' : 'from the records'})`
}

/** What says so, tag by tag, for who hovers. */
export const mitigationWhys = ({ mitigations }: Pick<Experiment, 'mitigations'>): string =>
  mitigations.tags.map(({ tag, why }) => `${MITIGATION_WORDS[tag]}: ${why}`).join('; ')
