'use client'
import { TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { readEnvironment } from '#src/core/runs/read-environment.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { Chip } from '#src/ui/kit/chip.tsx'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Facts } from '#src/ui/kit/facts.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { EnvironmentDiff } from './environment-diff.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'

/** Where and from what code it ran: commit, changes on top of it, command, machine, packages, inputs. */
export function RunEnvironment(props: RunPlace & { run: RunDetail }) {
  const { run } = props
  const env = readEnvironment(run.environment)
  const [word, setWord] = useState('')
  const packages = env.packages.filter((p) => p.name.toLowerCase().includes(word.toLowerCase()))
  return (
    <Section title="Environment" note={env.platform ?? undefined}>
      <Facts
        facts={[
          {
            term: 'Commit',
            value: env.git ? (
              <>
                <code title={env.git.commit}>{env.git.commit.slice(0, 12)}</code>{' '}
                <CopyButton icon label="Copy the commit" text={env.git.commit} />
                {env.git.branch ? <span className="ink-2"> {env.git.branch} </span> : null}
                {env.git.dirty ? <Chip tone="warning">with changes on top</Chip> : null}
                {env.git.remote ? <div className="ink-3">{env.git.remote}</div> : null}
              </>
            ) : (
              <span className="ink-3">not in a git work tree, or not told</span>
            ),
          },
          {
            term: 'Command',
            value: env.command ? (
              <>
                <code className={styles.command}>{env.command}</code>{' '}
                <CopyButton icon label="Copy the command" text={env.command} />
              </>
            ) : null,
          },
          { term: 'Host', value: env.host },
          { term: 'Python', value: env.python },
          { term: 'CPU', value: env.cpu },
          { term: 'GPU', value: env.gpus.length > 0 ? env.gpus.join(', ') : <span className="ink-3">none told</span> },
          {
            term: 'Inputs',
            value:
              run.inputs.length === 0
                ? null
                : run.inputs.map((input) => (
                    <div key={`${input.kind}-${input.name}-${input.version}`} title={input.sha256 ?? undefined}>
                      {input.name}
                      {input.version ? <span className="ink-2">@{input.version}</span> : null}{' '}
                      <span className="ink-3">{input.role ?? input.kind}</span>
                    </div>
                  )),
          },
        ]}
      />
      {env.git?.diff ? (
        <details className={styles.details}>
          <summary>Changes on top of the commit</summary>
          <CodeBlock label={`${env.git.diff.split('\n').length} lines`} text={env.git.diff} />
        </details>
      ) : null}
      {env.packages.length > 0 ? (
        <details className={styles.details}>
          <summary>{env.packages.length} packages</summary>
          <TextInput
            aria-label="Search packages"
            placeholder="Search packages"
            mt={4}
            leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
            value={word}
            onChange={(event) => setWord(event.currentTarget.value)}
          />
          <ul className={styles.packages}>
            {packages.map((p) => (
              <li key={p.name}>
                <code>{p.name}</code> <span className="ink-3">{p.version}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <EnvironmentDiff {...props} />
    </Section>
  )
}
