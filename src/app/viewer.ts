import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { getHost } from '#src/api/host.ts'
import type { Role } from '#src/core/roles/permissions.ts'
import { paths } from '#src/ui/paths.ts'

/** Who looks at a page of a workspace. */
export interface Viewer {
  name: string
  role: Role
  workspace: { slug: string; name: string }
}

/** The visitor, asked for once a request. */
const getActor = cache(async () => getHost().getActor(await headers()))

/** The first workspace of whoever is signed in; to the sign-in page otherwise. */
export async function requireHome(): Promise<string> {
  const actor = await getActor()
  if (actor.kind !== 'user') redirect(paths.signIn())
  const first = actor.memberships[0]
  if (!first) notFound()
  return paths.workspace(first.slug)
}

/** The workspace of the address for one of its members; the same page for an absent and a foreign one. */
export async function requireViewer(workspace: string): Promise<Viewer> {
  const actor = await getActor()
  if (actor.kind !== 'user') redirect(paths.signIn())
  const member = actor.memberships.find((m) => m.slug === workspace)
  if (!member) notFound()
  return { name: actor.name, role: member.role, workspace: { slug: member.slug, name: member.name } }
}

/** The name of a project of the workspace; the same page for an absent and a foreign one. */
export const requireProject = cache(
  async (workspace: string, project: string): Promise<{ slug: string; name: string }> => {
    await requireViewer(workspace)
    const caller = await getHost().caller(await headers())
    try {
      const found = await caller.projects.get({ workspace, project })
      return { slug: found.slug, name: found.name }
    } catch (error) {
      if (isNotFound(error)) notFound()
      throw error
    }
  },
)

/** tRPC's errors of another module instance are recognised by their code; an address that is no name is absent too. */
export const isNotFound = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST')
