'use client'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Columns2 } from 'lucide-react'
import Link from 'next/link'
import { formatExactCount } from '#src/core/format/count.ts'
import type { Provenance } from '#src/protocol/provenance.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { checkpointEvaluations } from '#src/ui/matrix/checkpoint-address.ts'
import { paths } from '#src/ui/paths.ts'
import { useCrumb } from '#src/ui/shell/page-state.tsx'
import { DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { chainColumns } from './chain-columns.tsx'
import { CheckpointFacts } from './checkpoint-facts.tsx'
import { fileColumns, scoreColumns } from './measured-columns.tsx'
import styles from './provenance.module.css'

/** Where one checkpoint came from: its stages from the root, the run that wrote it, and what was measured on it. */
export function ProvenanceView({ workspace, checkpoint }: { workspace: string; checkpoint: string }) {
  const trpc = useTRPC()
  const provenance = useQuery(trpc.checkpoints.provenance.queryOptions({ workspace, checkpoint }))
  const name = provenance.data ? nameOf(provenance.data) : null
  useCrumb(name)
  return (
    <Page>
      <PageHead title={name ?? 'Checkpoint'} sentence={provenance.data ? sentence(provenance.data) : null}>
        <CopyAddress workspace={workspace} checkpoint={checkpoint} />
        <Button
          size="compact-sm"
          leftSection={<Columns2 size={14} strokeWidth={1.75} aria-hidden />}
          component={Link}
          href={paths.newComparison(workspace, [`checkpoint:${checkpoint}`], { withParent: true })}
        >
          Compare with parent
        </Button>
      </PageHead>
      <Answer query={provenance} what="The checkpoint" loading={<LoadingRows rows={12} />}>
        {(data) => <Shown workspace={workspace} provenance={data} />}
      </Answer>
    </Page>
  )
}

const nameOf = ({ checkpoint }: Provenance): string =>
  `${checkpoint.experiment.name}, step ${formatExactCount(checkpoint.step)}`

function sentence({ stages, evaluations }: Provenance): string {
  const measured = new Set(evaluations.map(({ benchmark }) => benchmark.slug)).size
  const before = stages.length - 1
  return [
    before <= 0
      ? 'The first stage of its lineage'
      : before === 1
        ? 'One stage before it'
        : `${before} stages before it`,
    measured === 0 ? 'not measured' : measured === 1 ? 'measured on 1 benchmark' : `measured on ${measured} benchmarks`,
  ].join(', ')
}

function CopyAddress({ workspace, checkpoint }: { workspace: string; checkpoint: string }) {
  // Copied when it is pressed, which only a browser does.
  const origin = typeof window === 'undefined' ? '' : window.location.origin
  return <CopyButton label="Copy lasting link" text={`${origin}${paths.checkpoint(workspace, checkpoint)}`} />
}

function Shown({ workspace, provenance }: { workspace: string; provenance: Provenance }) {
  const { checkpoint, stages, evaluations } = provenance
  const { project } = checkpoint.experiment
  return (
    <>
      {checkpoint.deleted_at ? (
        <Notice tone="warning" title="This checkpoint was deleted">
          <p>
            It is in no list any more. Where it came from stays readable here; its evaluations are no longer listed.
          </p>
        </Notice>
      ) : null}
      <CheckpointFacts workspace={workspace} provenance={provenance} />
      <Section title="Stages" note="from the root, each with what it handed on">
        <DataTable
          label="Stages from which the weights came"
          request={{ path: `/checkpoints/${checkpoint.id}/provenance`, query: {} }}
          columns={chainColumns(workspace)}
          rows={stages}
          rowKey={({ experiment }) => `${experiment.project} ${experiment.number}`}
          none="Its stage is not there any more."
        />
      </Section>
      <Section
        title="Evaluations"
        note={String(evaluations.length)}
        actions={
          evaluations.length > 0 ? (
            <Link className="link" href={checkpointEvaluations(workspace, project, checkpoint.id)}>
              In the matrix
            </Link>
          ) : undefined
        }
      >
        <DataTable
          label="Evaluations of this checkpoint"
          request={{ path: `/checkpoints/${checkpoint.id}/provenance`, query: {} }}
          columns={scoreColumns(workspace)}
          rows={evaluations}
          rowKey={({ id }) => id}
          none="Nothing was measured on it yet."
        />
      </Section>
      <Section title="Files" note={String(checkpoint.files.length)} className={styles.files ?? ''}>
        <DataTable
          label="Files of this checkpoint"
          request={{ path: `/checkpoints/${checkpoint.id}`, query: {} }}
          columns={fileColumns}
          rows={checkpoint.files}
          rowKey={({ name }) => name}
          none={
            checkpoint.location ? `No file is kept here; it lies at ${checkpoint.location}.` : 'No file is kept here.'
          }
        />
      </Section>
    </>
  )
}
