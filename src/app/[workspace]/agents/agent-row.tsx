'use client'
import { ActionIcon } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { Role } from '#src/core/roles/permissions.ts'
import type { Agent, AgentLoad } from '#src/protocol/agents.ts'
import { Chip } from '#src/ui/kit/chip.tsx'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { ProgressBar } from '#src/ui/kit/progress-bar.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { hardwareWords, machineFacts } from './agent-words.ts'
import styles from './agents.module.css'

/** One machine: name, hardware, queues, heartbeat; facts; slots; load; GPUs, or that there are none. */
export function AgentRow(props: { workspace: string; agent: Agent; mayRevoke: boolean; role: Role }) {
  const { agent } = props
  return (
    <li className={styles.agent} data-away={!agent.online || undefined}>
      <div className={styles.agentHead}>
        <span className={styles.dot} data-online={agent.online || undefined} aria-hidden />
        <h2 className={styles.agentName}>{agent.name}</h2>
        <span className="ink-2">{hardwareWords(agent)}</span>
        {agent.queues.map((queue) => (
          <Chip key={queue}>queue {queue}</Chip>
        ))}
        {agent.draining ? <Chip tone="warning">draining</Chip> : null}
        <span className={styles.agentSeen}>
          {agent.online ? 'Online, heartbeat ' : 'Away, last seen '}
          <Ago at={agent.last_seen_at} />
        </span>
        <AgentMenu {...props} />
      </div>
      <p className={styles.facts}>
        {machineFacts(agent).map(({ term, value }) => (
          <span key={term}>
            <b>{value}</b> {term}
          </span>
        ))}
      </p>
      <Slots agent={agent} />
      {agent.online ? <Load load={agent.load} /> : null}
      <Gpus agent={agent} />
    </li>
  )
}

function Slots({ agent }: { agent: Agent }) {
  return (
    <div className={styles.measure}>
      <span className={styles.measureName}>Slots</span>
      <span className={styles.slots} role="img" aria-label={`${agent.busy} of ${agent.slots} busy`}>
        {Array.from({ length: Math.min(agent.slots, 32) }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: slots have no identity
          <span key={i} className={styles.slot} data-busy={i < agent.busy || undefined} />
        ))}
      </span>
      <span className={styles.measureValue}>
        {agent.busy} <span className="ink-3">of {agent.slots}</span>
      </span>
    </div>
  )
}

function Load({ load }: { load: AgentLoad | null }) {
  if (load === null) return <p className={styles.quiet}>No sample of the machine yet</p>
  const { cpu_pct: cpu, mem_used_bytes: used, mem_total_bytes: total, pressure_cpu_some: pressure } = load
  return (
    <>
      <Measure
        name="CPU"
        share={cpu === null ? null : cpu / 100}
        value={cpu === null ? null : `${formatNumber(cpu, 0)} %`}
      />
      <Measure
        name="Memory"
        share={used === null || !total ? null : used / total}
        value={used === null || total === null ? null : `${formatBytes(used)} of ${formatBytes(total)}`}
      />
      <Measure
        name="CPU pressure"
        share={pressure === null ? null : pressure / 100}
        value={pressure === null ? null : `${formatNumber(pressure, 1)} %`}
        title="Share of the last ten seconds in which some task waited for a processor"
      />
    </>
  )
}

function Measure(props: { name: string; share: number | null; value: string | null; title?: string }) {
  const { name, share, value } = props
  return (
    <div className={styles.measure} title={props.title}>
      <span className={styles.measureName}>{name}</span>
      {share === null ? (
        <span className="ink-3">not available</span>
      ) : (
        <>
          <ProgressBar share={share} label={name} width={160} />
          <span className={styles.measureValue}>{value}</span>
        </>
      )}
    </div>
  )
}

function Gpus({ agent }: { agent: Agent }) {
  const gpus = agent.labels.gpus ?? []
  if (gpus.length === 0) {
    return (
      <div className={styles.measure}>
        <span className={styles.measureName}>GPUs</span>
        <span className="ink-3">none on this machine</span>
      </div>
    )
  }
  return gpus.map((gpu, i) => {
    const now = agent.load?.gpus.find((g) => g.uuid === gpu.uuid)
    return (
      <div key={gpu.uuid} className={styles.measure}>
        <span className={styles.measureName} title={gpu.uuid}>
          GPU {i}
        </span>
        {now?.util == null ? (
          <span className="ink-3">utilisation not available</span>
        ) : (
          <>
            <ProgressBar share={now.util / 100} label={`GPU ${i}`} width={160} />
            <span className={styles.measureValue}>{formatNumber(now.util, 0)} %</span>
          </>
        )}
        <span className="ink-2">{gpu.name}</span>
        <span className="ink-2">
          {now?.mem_bytes == null ? 'memory not available' : formatBytes(now.mem_bytes)}
          {gpu.memory_bytes === null ? '' : ` of ${formatBytes(gpu.memory_bytes)}`}
        </span>
        <span className="ink-3">
          {now?.power_w == null ? 'power not available' : `${formatNumber(now.power_w, 0)} W`},{' '}
          {now?.temp_c == null ? 'temperature not available' : `${formatNumber(now.temp_c, 0)} °C`}
        </span>
      </div>
    )
  })
}

function AgentMenu({
  workspace,
  agent,
  mayRevoke,
  role,
}: {
  workspace: string
  agent: Agent
  mayRevoke: boolean
  role: Role
}) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  const revoke = useMutation(
    trpc.agents.revoke.mutationOptions({
      onSuccess: async () => {
        setAsking(false)
        await queryClient.invalidateQueries(trpc.agents.page.queryFilter({ workspace }))
      },
    }),
  )
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={28} aria-label={`More for ${agent.name}`}>
            <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={!mayRevoke} onClick={() => setAsking(true)}>
            Revoke this agent
          </Menu.Item>
          {mayRevoke ? null : <Menu.Label>Your role here is {role}; admins and owners revoke agents.</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        title={`Revoke ${agent.name}?`}
        verb="Revoke agent"
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate({ workspace, agent: agent.id })}
        onClose={() => setAsking(false)}
      >
        Its key stops working at once. Jobs that it holds go back to their queue when their lease ends. To come back it
        has to join again.
      </Confirm>
    </>
  )
}
