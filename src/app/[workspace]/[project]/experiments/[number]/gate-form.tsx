'use client'
import { Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { StagePage } from '#src/protocol/lineage.ts'
import { FormFoot } from '#src/ui/kit/form-foot.tsx'
import { refusedBy } from '#src/ui/kit/refusal.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'
import { useStageSaved } from './use-stage-saved.ts'

/** Why a checkpoint may pass the gate of its stage: kept with the name of who says so. */
export function GateForm({
  workspace,
  project,
  number,
  page,
  onClose,
}: StagePlace & { page: StagePage; onClose: () => void }) {
  const trpc = useTRPC()
  const [reason, setReason] = useState('')
  const { checkpoint, gate } = page.forgetting
  // As the dialog was opened: the page behind it may be told of another one meanwhile.
  const [read] = useState(checkpoint)
  const pass = useMutation(
    trpc.forgetting.overrideGate.mutationOptions({ onSuccess: useStageSaved({ workspace, project }, onClose) }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    pass.mutate({
      ...{ workspace, project, experiment: number, reason },
      ...(read && { checkpoint: read.id }),
    })
  }
  const { held } = gate
  const refused = refusedBy(pass.error, ['reason'])
  return (
    <form onSubmit={submit} noValidate>
      <Textarea
        label="Why it may pass"
        description="Kept in the audit trail with your name. It holds for this checkpoint alone; another one is judged anew."
        autosize
        minRows={3}
        maxLength={2000}
        value={reason}
        error={refused.at('reason')}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
      {held.length > 0 ? (
        <p className={`ink-2 ${styles.gateStarts}`}>Starts now: {held.map((stage) => stage.name).join(', ')}.</p>
      ) : null}
      <FormFoot
        refused={refused.elsewhere}
        verb="Let it pass"
        leave="Keep it shut"
        busy={pass.isPending}
        onClose={onClose}
      />
    </form>
  )
}
