'use client'
import Link from 'next/link'
import { Fragment, type ReactNode } from 'react'
import type { RunDetail } from '#src/protocol/runs.ts'
import { Chip } from '#src/ui/kit/chip.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import { byWords } from '../by-words.ts'
import { instantWords } from './instant-words.ts'
import styles from './run.module.css'

/** Name with its star, number, state and what it is doing; tags and seed; the controls at the right. */
export function RunHead({ run, star, children }: { run: RunDetail; star: ReactNode; children: ReactNode }) {
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <StageIcon kind={run.experiment.stage_kind} size={24} label />
        <h1 className={styles.name}>{run.name}</h1>
        {star}
        <span className={styles.number}>#{run.number}</span>
        <CopyButton icon label="Copy the id of the run" text={run.uid} />
        <StateWord state={run.state} />
        {doing(run) ? <span className="ink-2">{doing(run)}</span> : null}
        <span className={styles.chips}>
          {run.archived_at ? (
            <Chip title={`Put aside on ${run.archived_at.slice(0, 10)}: left out of lists and charts`}>archived</Chip>
          ) : null}
          {run.kind === 'evaluate' ? <Chip>evaluation</Chip> : null}
          {run.thinned_at ? (
            <Chip title={`Raw points were dropped on ${run.thinned_at.slice(0, 10)}`}>thinned</Chip>
          ) : null}
          {run.tags.map((tag) => (
            <Chip key={tag}>{tag}</Chip>
          ))}
          {run.group ? <Chip title="group">group {run.group}</Chip> : null}
          {run.seed === null ? null : <Chip>seed {run.seed}</Chip>}
        </span>
      </div>
      <div className={styles.controls}>{children}</div>
    </header>
  )
}

/** What follows the state: what it waits for, says, or why it ended. */
function doing(run: RunDetail): string | null {
  if (run.stop_requested && (run.state === 'running' || run.state === 'queued')) return 'asked to stop'
  if (run.state === 'queued') return run.job_reason
  const last = run.attempts.at(-1)
  if (run.state === 'failed') return firstLine(last?.error) ?? last?.end_reason ?? null
  if (run.state === 'running') return run.message || null
  if (run.state === 'lost') return run.message || 'no sign of life; it counts again as soon as it sends'
  return run.message || run.job_reason || null
}

const firstLine = (text: string | null | undefined): string | null => {
  const line = text?.trim().split('\n').at(-1)?.trim()
  return line ? line.slice(0, 160) : null
}

/** One line: stage, from, children, agent, start. */
export function RunFacts({ run, workspace }: { run: RunDetail; workspace: string }) {
  const stage = (ref: RunDetail['experiment']) => paths.stage(workspace, ref.project, ref.number)
  const host = run.attempts.at(-1)?.host ?? null
  return (
    <p className={styles.facts}>
      <Fact term="Stage">
        <Link className="link" href={stage(run.experiment)}>
          {run.experiment.name}
        </Link>
        <span className="ink-2"> {STAGE_LOOKS[run.experiment.stage_kind].word}</span>
      </Fact>
      {run.parents.length > 0 ? (
        <Fact term="From">
          {run.parents.map((parent, i) => (
            <Fragment key={`${parent.project}-${parent.number}-${parent.edge_kind}`}>
              {i > 0 ? ', ' : null}
              <Link className="link" href={stage(parent)}>
                {parent.name}
              </Link>
              {parent.edge_kind === 'init' ? null : (
                <span className="ink-3"> ({parent.edge_kind.replaceAll('_', ' ')})</span>
              )}
              {parent.step === null ? null : <span className="ink-2">, step {parent.step}</span>}
            </Fragment>
          ))}
        </Fact>
      ) : null}
      {run.children.length > 0 ? (
        <Fact term="Children" minor>
          {onceEach(run.children).map((child, i) => (
            <Fragment key={`${child.project}-${child.number}`}>
              {i > 0 ? ', ' : null}
              <Link className="link" href={stage(child)}>
                {child.name}
              </Link>
            </Fragment>
          ))}
        </Fact>
      ) : null}
      {run.agent ? (
        <Fact term="Agent" minor>
          {run.agent}
        </Fact>
      ) : host ? (
        <Fact term="Host" minor>
          {host}
        </Fact>
      ) : null}
      <Fact term={run.started_at ? 'Started' : 'Created'}>
        <time dateTime={run.started_at ?? run.created_at} suppressHydrationWarning>
          {instantWords(run.started_at ?? run.created_at)}
        </time>
        <span className="ink-2" title={run.created_by}>
          {' '}
          by {byWords(run)}
        </span>
      </Fact>
      {run.ended_at ? (
        <Fact term="Ended" minor>
          <time dateTime={run.ended_at} suppressHydrationWarning>
            {instantWords(run.ended_at)}
          </time>
        </Fact>
      ) : null}
    </p>
  )
}

/** `minor`: left away on a phone. */
function Fact({ term, minor = false, children }: { term: string; minor?: boolean; children: ReactNode }) {
  return (
    <span className={styles.fact} data-minor={minor || undefined}>
      <span className="ink-3">{term}</span> {children}
    </span>
  )
}

/** A stage may hang on this one by several edges (a preference stage starts from it and refers to it). */
const onceEach = (children: RunDetail['children']): RunDetail['children'] => [
  ...new Map(children.map((child) => [`${child.project}/${child.number}`, child])).values(),
]
