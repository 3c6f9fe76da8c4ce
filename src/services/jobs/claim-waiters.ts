import type { Services } from '#src/services/context.ts'

/** Agents that wait for work on this server; woken when a job becomes claimable, and for good when the server ends. */
interface Waiters {
  readonly waiting: Set<() => void>
  ended: boolean
}

const perServices = new WeakMap<Services, Waiters>()

function waitersOf(services: Services): Waiters {
  const known = perServices.get(services)
  if (known) return known
  const made = { waiting: new Set<() => void>(), ended: false }
  perServices.set(services, made)
  return made
}

/** Lets all waiting claims look again at once. */
export function wakeClaimers(services: Services): void {
  const { waiting } = waitersOf(services)
  for (const wake of [...waiting]) wake()
}

/** Ends all waiting claims, and every later one after its first look: the server shuts down. */
export function endClaimWaits(services: Services): void {
  waitersOf(services).ended = true
  wakeClaimers(services)
}

export const claimWaitsEnded = (services: Services): boolean => waitersOf(services).ended

/** Resolves when somebody wakes the claimers, when `ms` have passed, or when the caller has gone. */
export function waitForWork(services: Services, ms: number, signal: AbortSignal): Promise<void> {
  const { waiting, ended } = waitersOf(services)
  if (ended || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer)
      waiting.delete(wake)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    waiting.add(wake)
    signal.addEventListener('abort', wake)
  })
}
