'use client'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'next/navigation'
import { paths } from '#src/ui/paths.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'

/** What is absent and what is not shared, to a member of the workspace: the same page, with the names of those who give access. */
export function NotFoundForMembers() {
  const { workspace = '' } = useParams<{ workspace: string }>()
  const trpc = useTRPC()
  const members = useQuery({ ...trpc.members.list.queryOptions({ workspace }), retry: false })
  const givers = (members.data ?? []).filter(({ role }) => role === 'owner' || role === 'admin')
  return (
    <div className="full-page">
      <h1>Not found</h1>
      <p>Nothing lives at this address, or it is not shared with you.</p>
      {givers.length > 0 ? (
        <p>
          In this workspace {listed(givers.map(({ name, role, email }) => `${name} (${email ?? role})`))}{' '}
          {givers.length === 1 ? 'gives' : 'give'} access.
        </p>
      ) : null}
      <p>
        <a className="link" href={paths.workspace(workspace)}>
          Go to the projects of this workspace
        </a>
      </p>
    </div>
  )
}

/** "a", "a and b", "a, b and c"; of more than four the first four. */
function listed(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 4), `${names.length - 4} more`] : names
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
