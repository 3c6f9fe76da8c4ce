'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import type { ProtocolPage } from '#src/protocol/benchmarks.ts'
import styles from '#src/ui/benchmarks/benchmarks.module.css'
import { EditsTable } from '#src/ui/benchmarks/edits-table.tsx'
import { PROTOCOL_FIELDS, PROTOCOL_WORDS, protocolName, valueWords } from '#src/ui/benchmarks/field-words.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Chip } from '#src/ui/kit/chip.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Facts } from '#src/ui/kit/facts.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { EditProtocol } from './edit-protocol.tsx'

type Use = ProtocolPage['benchmarks'][number]
interface Row extends Use {
  workspace: string
}

/** What a link to this page carries. */
const WORDS = ['edit']

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'benchmark',
    title: 'Benchmark',
    head: true,
    sortValue: (row) => row.benchmark.name,
    cell: (row) => (
      <>
        <Link href={paths.benchmark(row.workspace, row.benchmark.slug)} prefetch={false}>
          {row.benchmark.name}
        </Link>{' '}
        {row.is_default ? <Chip title="a person chose this protocol for it">default</Chip> : null}
      </>
    ),
  },
  { key: 'category', title: 'Category', cell: (row) => row.benchmark.category },
  { key: 'metric', title: 'Metric', cell: (row) => row.metrics.join(', ') },
  {
    key: 'checkpoints',
    title: 'Checkpoints',
    align: 'right',
    sortValue: (row) => row.checkpoints,
    cell: (row) => row.checkpoints,
  },
  { key: 'newest', title: 'Last measured', align: 'right', nowrap: true, cell: (row) => <Ago at={row.newest_at} /> },
]

/** One protocol: the fields that make it, what was measured by it, and what people call it. */
export function ProtocolView({ workspace, protocol, role }: { workspace: string; protocol: string; role: Role }) {
  const trpc = useTRPC()
  const [editing, setEditing] = useQueryState('edit', parseAsBoolean.withDefault(false))
  const page = useQuery(trpc.benchmarks.protocol.queryOptions({ workspace, protocol }))
  const whyNot = ROLE_PERMISSIONS[role].includes('eval:write')
    ? null
    : `Your role here is ${role}; editors, admins and owners name protocols.`
  return (
    <Page>
      <PageHead
        title={page.data ? protocolName(page.data) : `Protocol ${protocol.slice(0, 8)}`}
        sentence={page.data ? sentence(page.data) : null}
      >
        <ExplainedButton why={whyNot} onClick={() => void setEditing(true)}>
          Edit
        </ExplainedButton>
      </PageHead>
      <UnknownParts known={WORDS} />
      <Answer query={page} what="The protocol" loading={<LoadingRows rows={8} />}>
        {(data) => (
          <>
            <Section
              title="How it measures"
              note="the fields make the protocol: another value would be another protocol"
            >
              <Facts
                facts={[
                  { term: 'Fingerprint', value: <code className={styles.said}>{data.fingerprint}</code> },
                  ...PROTOCOL_FIELDS.map((field) => ({
                    term: PROTOCOL_WORDS[field],
                    value: <span className={styles.said}>{valueWords(data.fields[field])}</span>,
                    said: valueWords(data.fields[field]) !== null,
                  })).filter((fact) => fact.said),
                  { term: 'Note', value: data.note ? <span className={styles.said}>{data.note}</span> : null },
                ]}
              />
            </Section>
            <Section title="Measured by it">
              <DataTable
                label="Benchmarks that were measured by this protocol"
                request={{ path: `/protocols/${protocol}`, query: {} }}
                columns={COLUMNS}
                rows={data.benchmarks.map((use) => ({ ...use, workspace }))}
                rowKey={(row) => row.benchmark.slug}
                none="No evaluation that stands was measured by it."
              />
            </Section>
            <Section title="Edits">
              <EditsTable edits={data.edits} />
            </Section>
            {whyNot === null ? (
              <EditProtocol
                workspace={workspace}
                protocol={data}
                opened={editing}
                onClose={() => void setEditing(null)}
              />
            ) : null}
          </>
        )}
      </Answer>
    </Page>
  )
}

function sentence({ benchmarks }: ProtocolPage): string {
  const names = benchmarks.map((use) => use.benchmark.name)
  if (names.length === 0) return 'nothing that stands was measured by it'
  return `measured ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`
}
