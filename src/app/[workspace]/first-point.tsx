'use client'
import { Button } from '@mantine/core'
import { KeyRound } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useEffect, useState } from 'react'
import { formatDuration } from '#src/core/format/duration.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { StageName } from '#src/ui/marks/stage-icon.tsx'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { paths } from '#src/ui/paths.ts'
import { readFailure } from '#src/ui/trpc-client.tsx'
import styles from './first-point.module.css'
import { curlCommands, demoCommand, launchCommands, pythonProgram, pythonSetup } from './first-point-commands.ts'
import { FirstWaiting } from './first-waiting.tsx'
import { KEY_HOURS, useFirstKey } from './use-first-key.ts'

/**
 * Three ways to send the first point, with the address and a fresh key filled in, and what has arrived so far. `project`: null while none
 * exists; the first point then makes `my-model`. The page around it asks for news and replaces this by itself.
 */
export function FirstPoint({ workspace, project }: { workspace: string; project: string | null }) {
  const { key: minted, error, again } = useFirstKey(workspace, project)
  const [origin, setOrigin] = useState('http://127.0.0.1:7070')
  useEffect(() => setOrigin(window.location.origin), [])
  const key = minted?.key ?? null
  const facts = { origin, project: project ?? 'my-model', key: key ?? 'YOUR_KEY' }
  return (
    <div>
      <div className={styles.head}>
        <div>
          <h2 className={styles.title}>Send the first point</h2>
          <p className={styles.lead}>
            {project === null
              ? 'A project holds the lineage of one model family. Each of these three ways makes one; the page then opens it.'
              : `${project} has no runs yet. Each of these three ways makes one; the page then opens it.`}
          </p>
        </div>
        <div className={styles.keyBox}>
          {key === null ? (
            <span className={styles.keyWord}>{error ? 'No key' : 'Making a key'}</span>
          ) : (
            <p className={styles.key}>
              <KeyRound size={14} strokeWidth={1.75} aria-hidden />
              <code>
                {key.slice(0, 14)}…{key.slice(-4)}
              </code>
              <CopyButton text={key} label="Copy the key" icon />
            </p>
          )}
          <span className={styles.small}>
            Filled in below. Only sends{project === null ? '' : ' to this project'},{' '}
            {minted === null ? `ends in ${KEY_HOURS} h` : <EndsIn at={minted.expiresAt} />}.
          </span>
          <Button component={Link} href={paths.keys(workspace)}>
            Make a lasting key
          </Button>
        </div>
      </div>
      {error ? (
        <div className={styles.refused}>
          <Notice tone="problem" title="No key was made">
            <p>
              {readFailure(error).sentence} The commands below hold YOUR_KEY in its place.{' '}
              <button type="button" className="link" onClick={again}>
                Try again
              </button>
            </p>
          </Notice>
        </div>
      ) : null}
      <div className={styles.ways}>
        <Way
          title="Python client"
          chip="your own loop"
          text="Standard library only. log() never blocks training and never raises; points wait on disk while the server is away."
          foot="Name the stage and its parent, and the run takes its place in the lineage."
        >
          <CodeBlock label="Shell, in the folder of Descent" text={pythonSetup(facts)} mark={key} wrap />
          <CodeBlock label="train.py" text={pythonProgram(facts)} />
        </Way>
        <Way
          title="Plain HTTP"
          chip="any language"
          text="Four requests make a run with one point. A repeated request changes nothing, so it can be retried."
          foot={
            <>
              Runs without a stage go to <b>Unstaged</b> and can be moved later.
            </>
          }
        >
          <CodeBlock label="Shell" text={curlCommands(facts)} mark={key} wrap />
        </Way>
        <Way
          title="Demo pipeline"
          chip="about 5 min"
          text="Trains a real model of 0.9M parameters through five kinds of stage on two CPU cores, with evaluations of all ten checkpoints."
          foot="Without torch on the machine it replays the recorded log instead, marked as recorded."
        >
          <CodeBlock label="Shell, in the folder of Descent: starts all of it" text={demoCommand} />
          <DemoStages />
          <CodeBlock
            label="Or the same file on an agent that has joined"
            text={launchCommands(facts)}
            mark={key}
            wrap
          />
          <p className={styles.small}>
            It needs an agent:{' '}
            <Link className="link" href={paths.agents(workspace)}>
              join one
            </Link>
            .
          </p>
        </Way>
      </div>
      <FirstWaiting workspace={workspace} project={project} minted={minted} />
      <div className={styles.nothing}>
        <b>Nothing arrives?</b>
        <p>
          From the training machine this must answer:
          <code>curl {origin}/healthz</code>
        </p>
        <p>
          A refused request prints its reason where it was sent, for example 401: the key ended or was cut when copied.
        </p>
        <p>
          No network on that machine? Points wait in the spool:
          <code>python -m descent sync</code> sends them later.
        </p>
      </div>
    </div>
  )
}

/** "ends in 23 h 59 m" */
function EndsIn({ at }: { at: number }) {
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 60_000)
    return () => clearInterval(timer)
  }, [])
  return <>ends in {now === null ? `${KEY_HOURS} h` : formatDuration(Math.max(0, Math.round((at - now) / 1000)))}</>
}

/** The stages that the demo trains, as its file has them. */
const DEMO_STAGES = [
  { kind: 'pretrain', names: 'base', steps: '760 steps' },
  { kind: 'continued_pretrain', names: 'cpt, cpt-replay', steps: '2 × 90' },
  { kind: 'instruction', names: 'sft, sft-replay', steps: '2 × 180' },
  { kind: 'task', names: 'full, LoRA, replay', steps: '3 × 90' },
  { kind: 'preference', names: 'dpo, dpo-nll', steps: '2 × 40' },
] as const

const DemoStages = () => (
  <table className={styles.demo}>
    <caption className="visually-hidden">What the demo trains</caption>
    <tbody>
      {DEMO_STAGES.map(({ kind, names, steps }) => (
        <tr key={kind}>
          <th scope="row">
            <StageName kind={kind}>{STAGE_LOOKS[kind].word}</StageName>
          </th>
          <td>{names}</td>
          <td>{steps}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

function Way(props: { title: string; chip: string; text: string; foot: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.way}>
      <h3 className={styles.wayTitle}>
        {props.title}
        <span className={styles.chip}>{props.chip}</span>
      </h3>
      <p className={styles.wayText}>{props.text}</p>
      {props.children}
      <p className={`${styles.small} ${styles.foot}`}>{props.foot}</p>
    </section>
  )
}
