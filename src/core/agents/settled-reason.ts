import type { EndReason } from '../runs/states.ts'

/**
 * How an attempt ended when the program and its agent have both spoken. The program knows why it stopped; the agent knows
 * whether it really ended that way. With exit code 0, or with none (an agent that adopted the process after its own restart
 * cannot learn it), the program's word counts; else the agent's.
 *
 * @param end.own what the program reported; null when it reported nothing
 */
export function settledReason(end: { agent: EndReason; own: EndReason | null; exitCode: number | null }): EndReason {
  if (end.own === null) return end.agent
  return end.exitCode === null || end.exitCode === 0 ? end.own : end.agent
}
