import { firstOf, LOSS_KEYS } from './loss-keys.ts'

/**
 * The curve of a run that a reader looks at first: by the usual names, else the key that speaks of a loss and was logged most often. null
 * when nothing looks like a loss. `n`: how many points of a key there are.
 */
export function mainLoss(curves: readonly { key: string; n: number }[]): string | null {
  const named = firstOf(LOSS_KEYS, (name) => (curves.some((s) => s.key === name) ? name : undefined))
  if (named) return named
  const candidates = curves.filter((s) => /(^|[/_])loss([/_]|$)/.test(s.key) && !/^(val|eval|test)/.test(s.key))
  return [...candidates].sort((a, b) => b.n - a.n)[0]?.key ?? null
}
