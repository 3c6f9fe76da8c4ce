import { sqlState } from '#src/db/clients.ts'
import { findAlias } from '#src/db/queries/workspaces/find-alias.ts'
import { type Alias, dropAlias, keepAlias } from '#src/db/queries/workspaces/keep-alias.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../errors.ts'

export interface SlugChange extends Omit<Alias, 'name'> {
  from: string
  to: string
  /** Whether `to` is the present slug of another one. */
  isTaken: boolean
}

/**
 * Gives the old slug to the aliases and takes the new one out of them, in the transaction that writes the new slug.
 *
 * @throws Refusal `conflict` when the new slug is, or once was, that of another one
 */
export async function takeSlug(tx: Context, scope: Scope, { from, to, isTaken, ...of }: SlugChange): Promise<void> {
  if (isTaken) throw slugTaken(of.kind, to)
  const known = await findAlias(tx.db, scope, of.kind, of.project, to)
  if (known !== null && known !== of.targetId)
    throw new Refusal('conflict', `"${to}" was the name of another ${of.kind}, and still leads there. Choose another.`)
  if (known !== null) await dropAlias(tx.db, scope, { ...of, name: to })
  await keepAlias(tx.db, scope, { ...of, name: from })
}

/** Two who take one slug at once: the database lets one have it, and the other hears the same as a moment later. */
export async function orSlugTaken<T>(kind: Alias['kind'], slug: string | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (slug !== undefined && sqlState(error) === '23505') throw slugTaken(kind, slug)
    throw error
  }
}

const slugTaken = (kind: string, slug: string): Refusal =>
  new Refusal('conflict', `Another ${kind} is called "${slug}" already; choose another name.`)
