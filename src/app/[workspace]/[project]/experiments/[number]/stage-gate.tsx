'use client'
import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Lock, LockOpen } from 'lucide-react'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import type { StagePage } from '#src/protocol/lineage.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

type Props = StagePlace & { page: StagePage; mayWrite: boolean }

/** What the gate of this stage holds up and why, or who let it pass; nothing where it holds nothing up. */
export function StageGate(props: Props) {
  const { gate, budget } = props.page.forgetting
  if (gate.state === 'overridden' && gate.override)
    return (
      <p className={styles.gate}>
        <LockOpen size={14} strokeWidth={1.75} aria-hidden />
        <span>
          {gate.override.by} let this checkpoint pass its gate: “{gate.override.reason}”{' '}
          <span className="ink-3">
            <Ago at={gate.override.at} />
          </span>
        </span>
      </p>
    )
  if (!budget.holds || gate.why === null || props.page.forgetting.checkpoint === null) return null
  return (
    <div className={styles.gate} data-shut>
      <Lock size={14} strokeWidth={1.75} aria-hidden />
      <span>
        <Held {...props} />: {gate.why}.
      </span>
      <LetPass {...props} />
    </div>
  )
}

function Held({ page, workspace }: Props) {
  const { held } = page.forgetting.gate
  if (held.length === 0) return <>The gate holds up what starts here; nothing waits for it yet</>
  return (
    <>
      The gate holds up{' '}
      {held.map((stage, i) => (
        <span key={stage.number}>
          {i === 0 ? '' : i === held.length - 1 ? ' and ' : ', '}
          <Link className="link" href={paths.stage(workspace, stage.project, stage.number)}>
            {stage.name}
          </Link>
        </span>
      ))}
    </>
  )
}

function LetPass(props: Props) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <ExplainedButton
        size="compact-xs"
        variant="subtle"
        why={props.mayWrite ? null : 'Your role here can look but not let anything pass.'}
        onClick={() => setOpened(true)}
      >
        Let it pass…
      </ExplainedButton>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Let this checkpoint pass">
        {opened ? <ReasonForm {...props} onClose={() => setOpened(false)} /> : null}
      </Modal>
    </>
  )
}

function ReasonForm({ workspace, project, number, page, onClose }: Props & { onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [reason, setReason] = useState('')
  const { checkpoint, gate } = page.forgetting
  // As the dialog was opened: the page behind it may be told of another one meanwhile.
  const [read] = useState(checkpoint)
  const pass = useMutation(
    trpc.forgetting.overrideGate.mutationOptions({
      onSuccess: async () => {
        await Promise.all([
          queryClient.invalidateQueries(trpc.experiments.page.queryFilter({ workspace, project })),
          queryClient.invalidateQueries(trpc.lineage.get.queryFilter({ workspace, project })),
        ])
        onClose()
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    pass.mutate({
      ...{ workspace, project, experiment: number, reason },
      ...(read && { checkpoint: read.id }),
    })
  }
  const { held } = gate
  return (
    <form onSubmit={submit} noValidate>
      <Textarea
        label="Why it may pass"
        description="Kept in the audit trail with your name. It holds for this checkpoint alone; another one is judged anew."
        autosize
        minRows={3}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
      {held.length > 0 ? (
        <p className={`ink-2 ${styles.gateStarts}`}>Starts now: {held.map((stage) => stage.name).join(', ')}.</p>
      ) : null}
      {pass.error ? (
        <Notice tone="problem" title="This was refused">
          <p>{readFailure(pass.error).sentence}</p>
        </Notice>
      ) : null}
      <Group justify="flex-end" gap={8} mt={20}>
        <Button onClick={onClose}>Keep it shut</Button>
        <Button variant="filled" type="submit" loading={pass.isPending}>
          Let it pass
        </Button>
      </Group>
    </form>
  )
}
