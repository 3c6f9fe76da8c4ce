'use client'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useEffect, useState } from 'react'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { paths } from '#src/ui/paths.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './first-point.module.css'
import { curlCommands, demoCommand, launchCommands, pythonProgram, pythonSetup } from './first-point-commands.ts'

/** Hours that the key of this page lives. */
const KEY_HOURS = 24

/**
 * Three ways to send the first point, with the address and, on a click, a fresh key filled in. `project`: null while none
 * exists; the first point then makes `my-model`. The page around it asks for news and replaces this by itself.
 */
export function FirstPoint({ workspace, project }: { workspace: string; project: string | null }) {
  const trpc = useTRPC()
  const mint = useMutation(trpc.keys.mint.mutationOptions())
  const [origin, setOrigin] = useState('http://127.0.0.1:7070')
  useEffect(() => setOrigin(window.location.origin), [])
  const key = mint.data?.key ?? null
  const facts = { origin, project: project ?? 'my-model', key: key ?? 'YOUR_KEY' }
  const make = () =>
    mint.mutate({
      workspace,
      scope: 'ingest',
      name: 'First point',
      ...(project === null ? {} : { project }),
      expires_at: new Date(Date.now() + KEY_HOURS * 3_600_000).toISOString(),
    })

  return (
    <div>
      <div className={styles.head}>
        <p className={styles.lead}>
          {project === null
            ? 'Each of these three ways makes a project'
            : 'Each of these three ways makes a stage with a run'}
          ; this page shows it as soon as it arrives.
        </p>
        {key === null ? (
          <Button
            loading={mint.isPending}
            leftSection={<KeyRound size={16} strokeWidth={1.75} aria-hidden />}
            onClick={make}
          >
            Make a key and fill it in
          </Button>
        ) : (
          <p className={styles.key}>
            <code>
              {key.slice(0, 14)}…{key.slice(-4)}
            </code>
            <CopyButton text={key} label="Copy the key" icon />
            <span className={styles.small}>
              Filled in below. Only sends{project === null ? '' : ' to this project'}, ends in {KEY_HOURS} h.
            </span>
          </p>
        )}
      </div>
      {mint.error ? (
        <Notice tone="problem" title="No key was made">
          <p>{readFailure(mint.error).sentence}</p>
        </Notice>
      ) : null}
      <div className={styles.ways}>
        <Way
          title="Python client"
          chip="your own loop"
          text="Standard library only. log() never blocks training and never raises; points wait on disk while the server is away."
        >
          <CodeBlock label="Shell, in the folder of Descent" text={pythonSetup(facts)} wrap />
          <CodeBlock label="train.py" text={pythonProgram(facts)} />
        </Way>
        <Way
          title="Plain HTTP"
          chip="any language"
          text="Four requests make a run with one point. A repeated request changes nothing, so it can be retried."
        >
          <CodeBlock label="Shell" text={curlCommands(facts)} wrap />
        </Way>
        <Way
          title="Pipeline on an agent"
          chip="stages in one file"
          text="A file describes stages, their parents and recipes; an agent trains them one after the other."
        >
          <CodeBlock label="Shell, in the folder of Descent" text={launchCommands(facts)} wrap />
          <p className={styles.small}>
            It needs an agent:{' '}
            <Link className="link" href={paths.agents(workspace)}>
              join one
            </Link>
            .
          </p>
          <CodeBlock label="Or all at once: five stages on this machine" text={demoCommand} />
          <p className={styles.small}>
            Starts an agent, trains a model of 0.9M parameters through ten stages, and evaluates each; about five
            minutes on two CPU cores.
          </p>
        </Way>
      </div>
      <p className={styles.nothing}>
        <b>Nothing arrives?</b> From the training machine, <code>curl {origin}/healthz</code> must answer. A client that
        was offline keeps its points: <code>python -m descent sync</code> sends them later.
      </p>
    </div>
  )
}

function Way(props: { title: string; chip: string; text: string; children: ReactNode }) {
  return (
    <section className={styles.way}>
      <h2 className={styles.wayTitle}>
        {props.title}
        <span className={styles.chip}>{props.chip}</span>
      </h2>
      <p className={styles.wayText}>{props.text}</p>
      {props.children}
    </section>
  )
}
