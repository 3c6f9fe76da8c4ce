'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { otherPart, pairKindOf } from '#src/core/evaluations/paired-parts.ts'
import { formatValue } from '#src/core/format/number.ts'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import type { BenchmarkPage } from '#src/protocol/benchmarks.ts'
import styles from '#src/ui/benchmarks/benchmarks.module.css'
import { EditsTable } from '#src/ui/benchmarks/edits-table.tsx'
import {
  FACET_WORDS,
  GAIN_EXPLAINED,
  gainByWords,
  PAIR_TITLES,
  PART_WORDS,
  staleWords,
  todayUtc,
} from '#src/ui/benchmarks/fact-words.ts'
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
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { EditBenchmark } from './edit-benchmark.tsx'
import { MeasuredTable } from './measured-table.tsx'
import { OverlapTable } from './overlap-table.tsx'
import { PairTable } from './pair-table.tsx'
import { ProtocolsTable } from './protocols-table.tsx'

/** What a link to this page carries. */
const WORDS = ['edit', 'fields', 'history']

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
      <UnknownParts known={WORDS} />
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
  const { part, pair } = benchmark
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
        <Stale page={page} />
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
      {part && pair ? (
        <Section title={PAIR_TITLES[pairKindOf(part)]} note="two sides of one task, side by side; never averaged">
          <PairTable workspace={workspace} page={page} pair={pair} />
        </Section>
      ) : null}
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

/** That answers hold no longer: of the whole benchmark, or of some of its items. */
function Stale({ page: { benchmark, dated_items } }: { page: BenchmarkPage }) {
  const whole = staleWords(benchmark, todayUtc())
  const stale = dated_items?.stale ?? 0
  if (whole === null && stale === 0) return null
  return (
    <Notice
      tone="warning"
      title={
        whole !== null ? `Its ${whole}` : `The answers of ${stale} of ${dated_items?.dated} dated items are out of date`
      }
    >
      <p>
        A model that knows newer facts may be right and counted wrong. Renew the answers under another data set
        revision, or edit the day.
      </p>
    </Notice>
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
          term: 'A gain shows',
          value: benchmark.gain ? (
            <span title={GAIN_EXPLAINED[benchmark.gain]}>
              {benchmark.gain}
              <span className="ink-3">, {gainByWords(benchmark)}</span>
            </span>
          ) : (
            'not told: surface or knowledge'
          ),
        },
        {
          term: 'Other side',
          value:
            benchmark.part && benchmark.pair ? (
              <>
                measures the {PART_WORDS[benchmark.part]};{' '}
                <Link href={paths.benchmark(workspace, benchmark.pair)}>{benchmark.pair}</Link> the{' '}
                {PART_WORDS[otherPart(benchmark.part)]}
              </>
            ) : null,
        },
        {
          term: 'Domain',
          value: benchmark.domain
            ? `${benchmark.domain}: ${benchmark.facet ? FACET_WORDS[benchmark.facet].toLowerCase() : 'all four facets, by the label “facet” of its items'}`
            : null,
        },
        { term: 'Answers hold until', value: holdsUntil(page) },
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

function holdsUntil({ benchmark, dated_items }: BenchmarkPage): string | null {
  if (benchmark.valid_until) return benchmark.valid_until
  return dated_items === null
    ? null
    : `told of ${dated_items.dated} ${dated_items.dated === 1 ? 'item' : 'items'}, ${dated_items.stale} out of date`
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
