/** Interruptions of long runs: how often, and how often to save against them; and the idle share of a pipeline. */
import { notNegative, positive } from './flops.ts'

/**
 * The interval between checkpoints that loses least time, τ = √(2·δ·MTBF), and the share of time it costs, δ/τ + τ/(2·MTBF).
 *
 * @param deltaMin minutes to write a checkpoint
 * @param mtbfHours mean time between failures
 * @throws RangeError when one is not above 0
 * Source: Young 1974, doi 10.1145/361147.361115
 */
export function checkpointInterval(deltaMin: number, mtbfHours: number): { tauMin: number; overhead: number } {
  const mtbfMin = 60 * positive(mtbfHours, 'mtbf_h')
  const tauMin = Math.sqrt(2 * positive(deltaMin, 'delta_min') * mtbfMin)
  return { tauMin, overhead: deltaMin / tauMin + tauMin / (2 * mtbfMin) }
}

/** Mean hours between events over some days; null without an event. @throws RangeError for days ≤ 0 or events that are no count */
export function meanHoursBetween(days: number, events: number): number | null {
  const hours = 24 * positive(days, 'days')
  if (!Number.isInteger(notNegative(events, 'events'))) throw new RangeError(`events must be a count, got ${events}`)
  return events === 0 ? null : hours / events
}

/**
 * The share of time in which the stages of a pipeline wait: (p − 1)/(m + p − 1).
 *
 * @throws RangeError when stages or micro-batches are no whole number of 1 or more
 * Source: GPipe, arXiv 1811.06965
 */
export function pipelineBubble(stages: number, microBatches: number): number {
  for (const [name, value] of Object.entries({ pp: stages, micro_batches: microBatches }))
    if (!(Number.isInteger(value) && value >= 1)) throw new RangeError(`${name} must be 1 or more, got ${value}`)
  return (stages - 1) / (microBatches + stages - 1)
}
