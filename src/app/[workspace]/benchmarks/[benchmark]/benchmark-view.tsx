'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { formatValue } from '#src/core/format/number.ts'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import type { BenchmarkPage } from '#src/protocol/benchmarks.ts'
import styles from '#src/ui/benchmarks/benchmarks.module.css'
import { EditsTable } from '#src/ui/benchmarks/edits-table.tsx'
import { numberWords, protocolName, USE_WORDS } from '#src/ui/benchmarks/field-words.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Facts } from '#src/ui/kit/facts.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { EditBenchmark } from './edit-benchmark.tsx'
import { MeasuredTable } from './measured-table.tsx'
import { OverlapTable } from './overlap-table.tsx'
import { ProtocolsTable } from './protocols-table.tsx'

/** One benchmark: its definition, its protocols and how they differ, who was measured, and what people changed. */
export function BenchmarkView({ workspace, benchmark, role }: { workspace: string; benchmark: string; role: Role }) {
  const trpc = useTRPC()
  const [editing, setEditing] = useQueryState('edit', parseAsBoolean.withDefault(false))
  const page = useQuery(trpc.benchmarks.get.queryOptions({ workspace, benchmark }))
  const whyNot = ROLE_PERMISSIONS[role].includes('eval:write')
    ? null
    : `Your role here is ${role}; editors, admins and owners edit benchmarks.`
  return (
    <Page>
      <PageHead title={page.data?.benchmark.name ?? benchmark} sentence={page.data ? sentence(page.data) : null}>
        <ExplainedButton why={whyNot} onClick={() => void setEditing(true)}>
          Edit
        </ExplainedButton>
      </PageHead>
      <Answer query={page} what={`The benchmark ${benchmark}`} loading={<LoadingRows rows={10} />}>
        {(data) => (
          <>
            <Shown workspace={workspace} page={data} whyNot={whyNot} />
            {whyNot === null ? (
              <EditBenchmark
                workspace={workspace}
                benchmark={data.benchmark}
                measured={data.measured_total > 0}
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

function Shown({ workspace, page, whyNot }: { workspace: string; page: BenchmarkPage; whyNot: string | null }) {
  const { benchmark, protocols, measured, overlaps } = page
  const items = new Set(overlaps.map((o) => o.item)).size
  return (
    <>
      <div className={styles.notices}>
        {benchmark.defined ? null : (
          <Notice tone="warning" title="Nobody has defined this benchmark yet">
            <p>A stage named it. The first evaluation that defines it says what it measures; so can an edit here.</p>
          </Notice>
        )}
        {items > 0 ? (
          <Notice tone="warning" title={`${items} ${items === 1 ? 'item is' : 'items are'} also in training data`}>
            <p>Scores of the stages below that saw them may show memory, not ability.</p>
          </Notice>
        ) : null}
      </div>
      <Section title="Definition">
        <Definition workspace={workspace} page={page} />
      </Section>
      <Section title="Protocols" note={protocolsNote(page)}>
        <ProtocolsTable workspace={workspace} page={page} whyNot={whyNot} />
      </Section>
      <Section title="Measured checkpoints" note={measuredNote(page)}>
        <MeasuredTable workspace={workspace} measured={measured} protocols={protocols} />
      </Section>
      {items > 0 ? (
        <Section title="Also in training data" note="found by hash; texts are not kept">
          <OverlapTable workspace={workspace} overlaps={overlaps} />
        </Section>
      ) : null}
      <Section title="Edits" note="evaluations keep their scores and protocols whatever is edited here">
        <EditsTable edits={page.edits} />
      </Section>
    </>
  )
}

function Definition({ workspace, page }: { workspace: string; page: BenchmarkPage }) {
  const { benchmark } = page
  const standard = page.protocols.find((p) => p.is_default)
  return (
    <Facts
      facts={[
        { term: 'Slug', value: <code>{benchmark.slug}</code> },
        { term: 'What it is', value: benchmark.description || 'not told' },
        { term: 'Category', value: benchmark.category || 'not told' },
        { term: 'Number', value: benchmark.defined ? numberWords(benchmark) : 'not told' },
        {
          term: 'Chance',
          value:
            benchmark.chance !== null ? formatValue(benchmark.chance) : benchmark.kind === 'loss' ? 'none' : 'not told',
        },
        { term: 'Best', value: benchmark.best === null ? 'not told' : formatValue(benchmark.best) },
        {
          term: 'Margin',
          value: (
            <>
              {benchmark.margin === null ? 'the default of its kind' : formatValue(benchmark.margin)}
              <span className="ink-3">, the smallest change that matters</span>
            </>
          ),
        },
        { term: 'Use', value: benchmark.use ? USE_WORDS[benchmark.use] : 'not told: development or unseen' },
        {
          term: 'Over-refusal twin',
          value: benchmark.twin ? (
            <Link href={paths.benchmark(workspace, benchmark.twin)}>{benchmark.twin}</Link>
          ) : null,
        },
        {
          term: 'Default protocol',
          value: standard ? (
            <>
              <Link href={paths.protocol(workspace, standard.fingerprint)}>{protocolName(standard)}</Link>
              <span className="ink-3">
                {page.default_by === 'person' ? ', chosen by a person' : ', that of the newest evaluation'}
              </span>
            </>
          ) : (
            'none yet'
          ),
        },
      ]}
    />
  )
}

function sentence({ benchmark, measured_total }: BenchmarkPage): string {
  if (!benchmark.defined) return 'not defined yet'
  const checkpoints = `${benchmark.checkpoints} ${benchmark.checkpoints === 1 ? 'checkpoint' : 'checkpoints'}`
  const measured = measured_total === 0 ? 'not measured yet' : `measured on ${checkpoints}`
  return `${benchmark.category}: ${numberWords(benchmark)}; ${measured}`
}

function protocolsNote({ protocols }: BenchmarkPage): string | null {
  if (protocols.length === 0) return null
  return protocols.length === 1
    ? 'one; every score can be compared with every other'
    : `${protocols.length}; scores are compared within one, never across two`
}

const measuredNote = ({ measured, measured_total }: BenchmarkPage): string | null =>
  measured_total > measured.length ? `the newest ${measured.length} of ${measured_total}` : null
