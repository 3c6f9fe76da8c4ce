'use client'
import Link from 'next/link'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { Provenance, WritingRun } from '#src/protocol/provenance.ts'
import { lackWords, totalWords } from '#src/ui/cost/totals.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Facts } from '#src/ui/kit/facts.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { attemptWords, codeWords, hardwareWords, inputWords } from './chain-words.ts'
import styles from './provenance.module.css'

const OF_STAGE = {
  pinned: 'pinned for its stage',
  children: 'of its stage, since other stages start here',
  last: 'of its stage: the last of its newest run',
} as const

/** What the checkpoint is at the left, what made it at the right. */
export function CheckpointFacts({ workspace, provenance }: { workspace: string; provenance: Provenance }) {
  const { checkpoint, stages, cost } = provenance
  const run = stages.at(-1)?.run ?? null
  const { experiment } = checkpoint
  return (
    <div className={styles.facts}>
      <Facts
        facts={[
          {
            term: 'Stage',
            value: (
              <span className={styles.value}>
                <StageIcon kind={experiment.stage_kind} label />
                <Link className="link" href={paths.stage(workspace, experiment.project, experiment.number)}>
                  {experiment.name}
                </Link>
                <span className="ink-2">
                  of{' '}
                  <Link className="link" href={paths.lineage(workspace, experiment.project)}>
                    {experiment.project}
                  </Link>
                </span>
              </span>
            ),
          },
          {
            term: 'Step',
            value: checkpoint.of_stage
              ? `${formatExactCount(checkpoint.step)}, ${OF_STAGE[checkpoint.of_stage]}`
              : formatExactCount(checkpoint.step),
          },
          {
            term: 'Tokens',
            value:
              checkpoint.tokens === null ? (
                <span className="ink-3">not counted</span>
              ) : (
                <span title={formatExactCount(checkpoint.tokens)}>{formatCount(checkpoint.tokens)} so far</span>
              ),
          },
          { term: 'Saved', value: <Ago at={checkpoint.created_at} /> },
          { term: 'Id', value: <Copied text={checkpoint.id} label="Copy the id" /> },
          {
            term: 'Content hash',
            value: checkpoint.sha256 ? (
              <Copied text={checkpoint.sha256} label="Copy the hash" />
            ) : (
              <span className="ink-3">none: its files are not kept here</span>
            ),
          },
          {
            term: 'Size',
            value: checkpoint.size > 0 ? formatBytes(checkpoint.size) : <span className="ink-3">not told</span>,
          },
          { term: 'Lies at', value: checkpoint.location },
          {
            term: 'Starts from it',
            value:
              checkpoint.children.length === 0 ? (
                <span className="ink-3">no stage</span>
              ) : (
                <span className={styles.value}>
                  {checkpoint.children.map((child) => (
                    <Link
                      key={`${child.project} ${child.number}`}
                      className="link"
                      href={paths.stage(workspace, child.project, child.number)}
                    >
                      {child.name}
                    </Link>
                  ))}
                </span>
              ),
          },
        ]}
      />
      <Facts
        facts={
          run
            ? [
                { term: 'Run', value: <RunLink workspace={workspace} run={run} /> },
                { term: 'Attempt', value: attemptWords(run) },
                { term: 'Code', value: run.code ? <Code code={run.code} /> : <Untold /> },
                {
                  term: 'Command',
                  value: run.command ? <Copied text={run.command} label="Copy the command" /> : <Untold />,
                },
                { term: 'Data', value: inputWords(stages.at(-1)?.data ?? [], run.inputs) ?? <Untold /> },
                { term: 'Hardware', value: hardwareWords(run) ?? <Untold /> },
                ...(cost
                  ? [
                      {
                        term: 'Cost',
                        value: (
                          <span title={lackWords(cost).join(', ') || undefined}>
                            {totalWords(cost, null)} with all stages before it
                          </span>
                        ),
                      },
                    ]
                  : []),
              ]
            : [{ term: 'Run', value: <span className="ink-3">none: the checkpoint was made elsewhere</span> }]
        }
      />
    </div>
  )
}

const Untold = () => <span className="ink-3">not told</span>

function RunLink({ workspace, run }: { workspace: string; run: WritingRun }) {
  return (
    <span className={styles.value}>
      <Link className="link" href={paths.run(workspace, run.project, run.number)}>
        {run.name}
      </Link>
      <span className="ink-3">#{run.number}</span>
      <StateWord state={run.state} small />
    </span>
  )
}

function Copied({ text, label }: { text: string; label: string }) {
  return (
    <span className={styles.value}>
      <code className={styles.code}>{text}</code>
      <CopyButton icon text={text} label={label} />
    </span>
  )
}

function Code({ code }: { code: NonNullable<WritingRun['code']> }) {
  return (
    <span className={styles.value}>
      <code className={styles.code}>{code.commit}</code>
      <CopyButton icon text={code.commit} label="Copy the commit" />
      <span className="ink-2">{codeWords(code)}</span>
    </span>
  )
}
