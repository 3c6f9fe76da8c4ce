'use client'
import { ActionIcon, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Check, LoaderCircle, X } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Agent } from '#src/protocol/agents.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { useNow } from '#src/ui/kit/now.ts'
import { TagsInput } from '#src/ui/kit/tags-input.tsx'
import { paths } from '#src/ui/paths.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './agents.module.css'
import { joinCommand, tokenId } from './join-command.ts'

interface Props {
  workspace: string
  agents: readonly Agent[]
  queues: readonly string[]
  onClose: () => void
}

/** How a machine becomes an agent: what it may take, the command with a single-use token, and waiting for it. */
export function JoinPanel({ workspace, agents, queues, onClose }: Props) {
  const trpc = useTRPC()
  const [names, setNames] = useState<string[]>(['default'])
  const [known, setKnown] = useState<ReadonlySet<string>>(new Set())
  const [origin, setOrigin] = useState('')
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    setOrigin(window.location.origin)
    title.current?.focus()
  }, [])
  const mint = useMutation(
    trpc.agents.mintToken.mutationOptions({ onSuccess: () => setKnown(new Set(agents.map((agent) => agent.id))) }),
  )
  const revoke = useMutation(trpc.agents.revokeToken.mutationOptions({ onSuccess: () => mint.reset() }))
  const failure = mint.error ? readFailure(mint.error) : null
  const joined = mint.data ? agents.find((agent) => !known.has(agent.id)) : undefined

  return (
    <aside
      className={styles.panel}
      aria-label="Join an agent"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <div className={styles.panelHead}>
        <h2 ref={title} tabIndex={-1}>
          Join an agent
        </h2>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label="Close" onClick={onClose}>
          <X size={16} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </div>
      <ol className={styles.steps}>
        <Step n={1} title="What it may take">
          <TagsInput
            size="xs"
            label="Queues"
            description="Names; Enter adds one. It takes jobs of these queues and writes to their runs, nothing else."
            data={[...new Set(['default', ...queues])]}
            value={names}
            onChange={setNames}
            error={failure?.sentence}
          />
          <Button mt={8} loading={mint.isPending} onClick={() => mint.mutate({ workspace, queues: names })}>
            {mint.data ? 'Make another token' : 'Make a token'}
          </Button>
        </Step>
        <Step n={2} title="Run this on the machine">
          {mint.data ? (
            <>
              <CodeBlock label="In the folder of Descent" text={joinCommand(origin, mint.data.token)} wrap />
              <p className={styles.quiet}>
                Single use, ends in <TimeLeft until={mint.data.expires_at} />.{' '}
                <button
                  type="button"
                  className="link"
                  onClick={() => revoke.mutate({ workspace, id: tokenId(mint.data.token) })}
                >
                  Revoke
                </button>
              </p>
              {revoke.error ? (
                <p role="alert" style={{ color: 'var(--s-failed)' }}>
                  {readFailure(revoke.error).sentence}
                </p>
              ) : null}
            </>
          ) : (
            <p className={styles.quiet}>Make a token first: it is shown once and filled into the command.</p>
          )}
        </Step>
        <Step n={3} title="It checks itself, then appears here">
          <p className={styles.quiet}>
            The agent makes its own key, which never leaves the machine, measures processor, memory and GPUs, and looks
            for Python with torch. Which programs it may run is said in its own recipes file.
          </p>
        </Step>
      </ol>
      {mint.data ? <Waiting joined={joined} /> : null}
      <p className={styles.quiet}>
        Only sending metrics? A script needs a key, not an agent.{' '}
        <Link className="link" href={paths.keys(workspace)}>
          Make a key
        </Link>
      </p>
    </aside>
  )
}

function Step({ n, title, children }: { n: number; title: string; children: ReactNode }) {
  return (
    <li className={styles.step}>
      <span className={styles.stepNumber} aria-hidden>
        {n}
      </span>
      <div className={styles.stepBody}>
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  )
}

function Waiting({ joined }: { joined: Agent | undefined }) {
  const Icon = joined ? Check : LoaderCircle
  return (
    <div className={styles.waiting} role="status">
      <Icon size={18} strokeWidth={1.75} aria-hidden />
      <div>
        <p className={styles.strong}>{joined ? `${joined.name} has joined` : 'Waiting for the agent'}</p>
        <p className={styles.quiet}>{joined ? 'It takes jobs from now on' : 'This panel updates by itself'}</p>
      </div>
    </div>
  )
}

function TimeLeft({ until }: { until: string }) {
  const now = useNow()
  if (now === 0) return <b>an hour</b>
  const left = Math.max(0, Math.round((Date.parse(until) - now) / 1_000))
  return (
    <b>
      {Math.floor(left / 60)} m {left % 60} s
    </b>
  )
}
