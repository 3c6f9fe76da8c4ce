'use client'
import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { previewKind } from '#src/core/media/preview-kind.ts'
import type { Artifact } from '#src/protocol/checkpoints.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { FALLBACK_POLL_MS, useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { artifactAddress } from '#src/ui/media/artifact-address.ts'
import { Preview } from '#src/ui/media/preview.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'

const PREVIEW_PX = 520

/** Files of the run; what can be shown opens in place. Media stand in a part of their own. */
export function RunArtifacts(props: RunPlace & { live: boolean }) {
  const trpc = useTRPC()
  const [shown, setShown] = useQueryState('artifact', parseAsString)
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
  const files = artifacts.data?.filter((artifact) => artifact.key === null)
  const media = (artifacts.data?.length ?? 0) - (files?.length ?? 0)
  const opened = artifacts.data?.find((artifact) => artifact.id === shown) ?? null
  return (
    <Section
      title="Artifacts"
      note={files ? `${files.length}${media > 0 ? `, and ${formatExactCount(media)} media` : ''}` : undefined}
    >
      <Answer query={artifacts} what="The artifacts" loading={<LoadingRows rows={3} height={26} />}>
        {() => (
          <DataTable
            label="Artifacts"
            columns={columns((id) => void setShown(id))}
            rows={files ?? []}
            rowKey={(a: Artifact) => a.id}
            none={
              media > 0 ? 'No files besides its media were sent with this run.' : 'No files were sent with this run.'
            }
            compact
          />
        )}
      </Answer>
      <Modal opened={opened !== null} onClose={() => void setShown(null)} title={opened?.name} size="xl">
        {opened ? (
          <>
            <Preview file={opened} what={opened.name} height={PREVIEW_PX} />
            <p className={styles.previewFoot}>
              {formatBytes(opened.size)}
              {opened.step === null ? '' : `, step ${formatExactCount(opened.step)}`}{' '}
              <a className="link" href={artifactAddress(opened.id)}>
                Download
              </a>
            </p>
          </>
        ) : null}
      </Modal>
    </Section>
  )
}

const columns = (show: (id: string) => void): readonly Column<Artifact>[] => [
  {
    key: 'name',
    title: 'Name',
    head: true,
    cell: (a) =>
      previewKind(a) === null ? (
        <code>{a.name}</code>
      ) : (
        <button type="button" className="link" onClick={() => show(a.id)}>
          <code>{a.name}</code>
        </button>
      ),
    sortValue: (a) => a.name,
  },
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
        <ActionIcon
          component="a"
          variant="subtle"
          color="gray"
          size={24}
          href={artifactAddress(a.id)}
          aria-label={`Download ${a.name}`}
          title={`Download ${a.name}`}
        >
          <Download size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </>
    ),
  },
]
