import { createHash } from 'node:crypto'
import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import { itemWindows, normalised } from '#src/core/evaluations/text-hashes.ts'
import { findNewHashes, insertItemHashes } from '#src/db/queries/evaluations/item-hashes.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'

/**
 * Keeps the hashes of items, for the search for overlaps with training data: the hash that the client sent, else that of the prompt,
 * and those of the prompt's windows. Once per benchmark: what other checkpoints were asked costs one look.
 */
export async function saveItemHashes(
  tx: Context,
  scope: Scope,
  benchmarkId: number,
  items: readonly EvaluationItem[],
): Promise<void> {
  const hashed = [...new Map(items.map((item) => [item.id, item])).values()].flatMap((item) => {
    const whole = wholeHash(item)
    return whole === null ? [] : [{ item, whole }]
  })
  if (hashed.length === 0) return
  const itemIds = hashed.map(({ item }) => item.id)
  const fresh = await findNewHashes(tx.db, scope, benchmarkId, { itemIds, hashes: hashed.map(({ whole }) => whole) })
  if (fresh.size === 0) return
  const rows = hashed.flatMap(({ item, whole }, place) =>
    fresh.has(place)
      ? [whole, ...itemWindows(item.prompt ?? '').map(sha256)].map((hash) => ({ id: item.id, hash }))
      : [],
  )
  await insertItemHashes(tx.db, scope, benchmarkId, { itemIds: rows.map((r) => r.id), hashes: rows.map((r) => r.hash) })
}

const HASH = /^[0-9a-f]{64}$/i

function wholeHash({ hash, prompt }: EvaluationItem): string | null {
  if (hash && HASH.test(hash)) return hash.toLowerCase()
  const text = normalised(prompt ?? '')
  return text === '' ? null : sha256(text)
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
