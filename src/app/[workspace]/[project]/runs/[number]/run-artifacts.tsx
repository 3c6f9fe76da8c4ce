'use client'
import { useQuery } from '@tanstack/react-query'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import type { Artifact } from '#src/protocol/checkpoints.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { FALLBACK_POLL_MS, useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import type { RunPlace } from './run-place.ts'

const COLUMNS: readonly Column<Artifact>[] = [
  { key: 'name', title: 'Name', head: true, cell: (a) => <code>{a.name}</code>, sortValue: (a) => a.name },
  { key: 'type', title: 'Type', cell: (a) => <span className="ink-2">{a.type}</span> },
  {
    key: 'size',
    title: 'Size',
    align: 'right',
    nowrap: true,
    cell: (a) => <span title={`${formatExactCount(a.size)} bytes`}>{formatBytes(a.size)}</span>,
    sortValue: (a) => a.size,
  },
  { key: 'step', title: 'Step', align: 'right', cell: (a) => (a.step === null ? '' : formatExactCount(a.step)) },
  {
    key: 'sha256',
    title: 'SHA-256',
    nowrap: true,
    cell: (a) => (
      <>
        <code title={a.sha256}>{a.sha256.slice(0, 8)}</code>
        <CopyButton icon label={`Copy the SHA-256 of ${a.name}`} text={a.sha256} />
      </>
    ),
  },
]

/** Files of the run. */
export function RunArtifacts(props: RunPlace & { live: boolean }) {
  const trpc = useTRPC()
  const artifacts = useQuery(
    trpc.runs.artifacts.queryOptions(
      { workspace: props.workspace, project: props.project, run: props.number },
      { refetchInterval: props.live ? FALLBACK_POLL_MS : false },
    ),
  )
  useRefreshOnNews(
    { workspace: props.workspace, project: props.project, runs: [props.number], what: ['state'], enabled: props.live },
    () => artifacts.refetch({ cancelRefetch: false }),
  )
  return (
    <Section title="Artifacts" note={artifacts.data ? String(artifacts.data.length) : undefined}>
      <Answer query={artifacts} what="The artifacts" loading={<LoadingRows rows={3} height={26} />}>
        {(rows) => (
          <DataTable
            label="Artifacts"
            columns={COLUMNS}
            rows={rows}
            rowKey={(a: Artifact) => a.id}
            none="No files were sent with this run."
            compact
          />
        )}
      </Answer>
    </Section>
  )
}
