'use client'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import type { AgentsPage } from '#src/protocol/agents.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { useFreshness } from '#src/ui/shell/page-state.tsx'
import { POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { AgentRow } from './agent-row.tsx'
import styles from './agents.module.css'
import { RecentJobs, RunningJobs, WaitingJobs } from './job-tables.tsx'
import { jobsWords } from './jobs-words.ts'
import { JoinPanel } from './join-panel.tsx'
import { QueueTable } from './queue-table.tsx'

/** Agents ask for work every few seconds; the page follows a little slower. */
const POLL_MS = 5_000

/** What a link to this page carries. */
const WORDS = ['join']

/** Which machines train, what runs, what waits and why; joining is a panel beside it. */
export function AgentsView({ workspace, role }: { workspace: string; role: Role }) {
  const trpc = useTRPC()
  const [joining, setJoining] = useQueryState('join', parseAsBoolean.withDefault(false))
  const page = useQuery(
    trpc.agents.page.queryOptions(
      { workspace },
      {
        refetchInterval: (query) => ((query.state.data?.running.length ?? 0) > 0 || joining ? POLL_LIVE_MS : POLL_MS),
      },
    ),
  )
  const latest =
    page.data?.agents
      .map((a) => a.last_seen_at ?? '')
      .sort()
      .at(-1) || null
  useFreshness(freshness(page.data), 'heartbeat', latest)
  const permissions = ROLE_PERMISSIONS[role]
  const mayJoin = permissions.includes('agent:register')
  return (
    <div className={styles.page} data-joining={joining || undefined}>
      <div className={styles.main}>
        <PageHead title="Agents" sentence={page.data ? sentence(page.data) : null}>
          <ExplainedButton
            variant="filled"
            why={mayJoin ? null : `Your role here is ${role}; admins and owners let agents join.`}
            leftSection={<Plus size={16} strokeWidth={1.75} aria-hidden />}
            onClick={() => void setJoining(true)}
          >
            Join an agent
          </ExplainedButton>
        </PageHead>
        <UnknownParts known={WORDS} />
        <Answer query={page} what="The agents page" loading={<LoadingRows rows={8} height={44} />}>
          {(data) => (
            <Shown
              workspace={workspace}
              data={data}
              mayCancel={permissions.includes('job:cancel')}
              mayRevoke={mayJoin}
              role={role}
              onJoin={mayJoin ? () => void setJoining(true) : null}
            />
          )}
        </Answer>
      </div>
      {joining && mayJoin ? (
        <JoinPanel
          workspace={workspace}
          agents={page.data?.agents ?? []}
          queues={page.data?.queues.map((q) => q.name) ?? []}
          onClose={() => void setJoining(false)}
        />
      ) : null}
    </div>
  )
}

interface ShownProps {
  workspace: string
  data: AgentsPage
  mayCancel: boolean
  mayRevoke: boolean
  role: Role
  onJoin: (() => void) | null
}

function Shown({ workspace, data, mayCancel, mayRevoke, role, onJoin }: ShownProps) {
  const agents = data.agents.filter((agent) => !agent.revoked)
  return (
    <>
      {agents.length === 0 ? (
        <Empty
          title="No agent has joined yet"
          text="An agent is a program on a machine that trains: it takes jobs from queues, runs recipes that its own file allows, and reports. It needs no open port."
        >
          {onJoin ? <Button onClick={onJoin}>Show how to join one</Button> : null}
        </Empty>
      ) : (
        <ul className={styles.agents}>
          {agents.map((agent) => (
            <AgentRow key={agent.id} workspace={workspace} agent={agent} mayRevoke={mayRevoke} role={role} />
          ))}
        </ul>
      )}
      <Section title="Running" note={jobsWords(data.running, data.queues, 'running')}>
        <RunningJobs workspace={workspace} jobs={data.running} mayCancel={mayCancel} role={role} />
      </Section>
      <Section title="Waiting" note={jobsWords(data.waiting, data.queues, 'waiting')}>
        <WaitingJobs workspace={workspace} jobs={data.waiting} mayCancel={mayCancel} role={role} />
      </Section>
      <Section title="Queues" note={`${data.queues.length}`}>
        <QueueTable workspace={workspace} queues={data.queues} mayPause={mayCancel} role={role} />
      </Section>
      <Section title="Recent" note={data.recent.length === 0 ? null : `the last ${data.recent.length} that ended`}>
        <RecentJobs workspace={workspace} jobs={data.recent} />
      </Section>
    </>
  )
}

function sentence(page: AgentsPage): string {
  const online = page.agents.filter((a) => a.online && !a.revoked)
  const slots = online.reduce((sum, a) => sum + a.slots, 0)
  const busy = online.reduce((sum, a) => sum + a.busy, 0)
  const away = page.agents.filter((a) => !a.online && !a.revoked).length
  const parts = [`${online.length} online`, `${slots} ${slots === 1 ? 'slot' : 'slots'}`, `${busy} busy`]
  if (away > 0) parts.push(`${away} away`)
  return parts.join(', ')
}

function freshness(page: AgentsPage | undefined): 'live' | 'idle' | null {
  if (!page || page.agents.length === 0) return null
  return page.agents.some((agent) => agent.online) ? 'live' : 'idle'
}
