import { readText } from './machine.ts'

/**
 * When a process began, in the kernel's ticks since boot; with the pid it names a process for good. Null when it does not exist,
 * '' where the system does not tell.
 */
export function startTime(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === '') return isAlive(pid) ? '' : null
  // The name in brackets may hold blanks and brackets itself; what follows its end is regular. Fields 3 and 22 of proc(5).
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return rest[0] === 'Z' ? null : (rest[19] ?? '')
}

/** True while a process of this id can be signalled. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Sends a signal to a whole process group. Answers whether there was anybody left. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal)
    return true
  } catch {
    return false
  }
}
