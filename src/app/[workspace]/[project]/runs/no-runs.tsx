'use client'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { formatExactCount } from '#src/core/format/count.ts'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { FirstPoint } from '../../first-point.tsx'

/** In the place of a table without a row and without a search: how the first run is sent; or that all are archived, and the way to them. */
export function NoRuns(props: {
  workspace: string
  project: string
  /** Archived runs are in sight, and there are none. */
  withArchived: boolean
  onArchived: () => void
}) {
  const { workspace, project, withArchived } = props
  const archived = useQuery({
    ...useTRPC().runs.table.queryOptions({ workspace, project, limit: 0, archived: true }),
    enabled: !withArchived,
  })
  const count = archived.data?.total ?? 0
  if (archived.isLoading) return <LoadingRows rows={9} height={26} />
  if (withArchived || count === 0) return <FirstPoint workspace={workspace} project={project} />
  return (
    <Empty
      title={count === 1 ? 'The only run is archived' : `All ${formatExactCount(count)} runs are archived`}
      text="Archived runs stay out of tables and charts until they are asked for."
    >
      <Button onClick={props.onArchived}>Show archived runs</Button>
    </Empty>
  )
}
