import type { EndReason } from '#src/core/runs/states.ts'
import type { Exit } from './child.ts'
import { readText } from './machine.ts'

/** Why this agent ended a program; null when it ended by itself. */
export type Stopping = 'timeout' | 'cancel' | 'stop' | 'drain' | 'stale' | null

export interface JobEnd {
  reason: EndReason
  message: string
}

/** How recipes say that they were asked to end and saved a checkpoint. */
const EXIT_STOPPED = 130
const EXIT_PREEMPTED = 143

/**
 * How a job ended, in the order in which an operator asks: timed out, stopped on request, out of memory, killed by a signal,
 * exit code; always with the command.
 */
export function endOfJob(end: {
  exit: Exit
  stopping: Stopping
  outOfMemory: boolean
  timeoutS: number
  command: string
}): JobEnd {
  const { exit, stopping, command } = end
  const told = (reason: EndReason, how: string): JobEnd => ({ reason, message: `${how}: ${command}`.slice(0, 4000) })
  if (exit.code === 0) return { reason: 'finished', message: '' }
  if (stopping === 'timeout') return told('timeout', `Timed out after ${end.timeoutS} s`)
  if (stopping === 'cancel' || stopping === 'stop') return told('stopped', 'Stopped on request')
  if (stopping === 'drain') return told('preempted', 'Ended because its agent was asked to end')
  if (end.outOfMemory) return told('killed', 'Out of memory, killed by the system')
  if (exit.signal === 'SIGTERM' || exit.code === EXIT_PREEMPTED) return told('preempted', 'Ended by SIGTERM')
  if (exit.signal) return told('killed', `Killed by ${exit.signal}`)
  if (exit.code === EXIT_STOPPED) return told('stopped', 'Stopped on request')
  if (exit.code === null) return told('lost', 'Ended while its agent was away; how is not known')
  return told('failed', `Exit code ${exit.code}`)
}

/** How often the kernel has killed for want of memory since boot; 0 where it does not tell. */
export const oomKills = (): number => Number(/^oom_kill (\d+)$/m.exec(readText('/proc/vmstat'))?.[1] ?? 0)
