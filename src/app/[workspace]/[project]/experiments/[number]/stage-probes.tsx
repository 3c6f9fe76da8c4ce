'use client'
import { useQuery } from '@tanstack/react-query'
import type { StageProbes as Probes } from '#src/protocol/probes.ts'
import { FACET_WORDS, FACT_WORDS, PAIR_TITLES, PART_WORDS, RECALL_SENTENCES } from '#src/ui/benchmarks/fact-words.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { ProbeCell } from './probe-cell.tsx'
import { ProbeHow, type ProbeView } from './probe-how.tsx'
import { RecallBars } from './recall-bars.tsx'
import { StageInstruct } from './stage-instruct.tsx'
import type { StagePlace } from './stage-place.ts'
import styles from './stage-probes.module.css'
import { unreadWords } from './unread-words.ts'

/** Named views of the stage's evaluations, each against where it started; what was not logged says how it is. */
export function StageProbes({ workspace, project, number }: StagePlace) {
  const trpc = useTRPC()
  const probes = useQuery(trpc.probes.stage.queryOptions({ workspace, project, experiment: number }))
  return (
    <Section title="Probes" note="two sides of a task, facets of a domain, taught facts" className={styles.probes}>
      <Answer query={probes} what="The probes of this stage" loading={<LoadingRows rows={1} />}>
        {(data) => <Shown workspace={workspace} probes={data} />}
      </Answer>
    </Section>
  )
}

function Shown({ workspace, probes }: { workspace: string; probes: Probes }) {
  const { pairs, domains, recall, instruct } = probes
  const baseline = probes.baseline?.experiment.name ?? null
  return (
    <>
      {instruct ? <StageInstruct workspace={workspace} instruct={instruct} /> : null}
      {pairs.map(({ kind, first, second }) => (
        <div key={`${first.benchmark.slug} ${second.benchmark.slug}`} className={styles.view}>
          <h3>{PAIR_TITLES[kind]}</h3>
          <dl className={styles.cells}>
            {[first, second].map((probed, i) => (
              <ProbeCell
                key={probed.benchmark.slug}
                workspace={workspace}
                title={capital(
                  PART_WORDS[kind === 'form_content' ? (i ? 'content' : 'form') : i ? 'answer' : 'process'],
                )}
                probed={probed}
              />
            ))}
          </dl>
        </div>
      ))}
      {domains.map(({ domain, facets, missing }) => (
        <div key={domain} className={styles.view}>
          <h3>
            Domain {domain}
            {missing.length > 0 ? (
              <span className={styles.lacks}>
                missing: {missing.map((facet) => FACET_WORDS[facet].toLowerCase()).join(', ')}
              </span>
            ) : null}
          </h3>
          <dl className={styles.cells}>
            {facets.map(({ facet, found }) => (
              <ProbeCell
                key={facet}
                workspace={workspace}
                title={FACET_WORDS[facet]}
                probed={found}
                how={`a benchmark with domain “${domain}” and facet “${facet}”, or items labelled so`}
              />
            ))}
          </dl>
        </div>
      ))}
      {recall.map(({ benchmark, kinds, missing, reading }) => (
        <div key={benchmark.slug} className={styles.view}>
          <h3>
            Recall of taught facts, {benchmark.name}
            {missing.length > 0 ? (
              <span className={styles.lacks}>
                missing: {missing.map((kind) => FACT_WORDS[kind].toLowerCase()).join(', ')}
              </span>
            ) : null}
          </h3>
          <p className={styles.reading}>{RECALL_SENTENCES[reading]}</p>
          <RecallBars kinds={kinds} stage={probes.experiment.name} baseline={baseline} />
          {baseline ? (
            <p className={styles.note}>Upper bar: this stage; lower bar: {baseline}; lines: 95 % intervals.</p>
          ) : null}
        </div>
      ))}
      {unreadWords(probes) === null ? null : <p className={styles.note}>{unreadWords(probes)}</p>}
      <ProbeHow views={unlogged(probes)} />
    </>
  )
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

const unlogged = (probes: Probes): ProbeView[] =>
  (['pairs', 'domains', 'recall'] as const).filter(
    (view) => probes[view].length === 0 && !probes.unread.some((one) => one.view === view),
  )
