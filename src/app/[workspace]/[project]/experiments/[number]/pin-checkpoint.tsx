'use client'
import { Button, Group, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import type { BestCheckpoint } from '#src/protocol/best-checkpoint.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import type { StagePlace } from './stage-place.ts'
import { useStageSaved } from './use-stage-saved.ts'

/** Pins a checkpoint: it stands for the stage from then on. A shut gate asks for the reason why it may be passed. */
export function PinCheckpoint(
  props: StagePlace & { candidate: BestCheckpoint['candidates'][number]; onClose: () => void },
) {
  const { workspace, project, number, candidate, onClose } = props
  const [reason, setReason] = useState('')
  const trpc = useTRPC()
  const client = useQueryClient()
  const saved = useStageSaved({ workspace, project }, onClose)
  const pin = useMutation(
    trpc.experiments.pin.mutationOptions({
      onSuccess: async () => {
        await client.invalidateQueries(trpc.forgetting.bestCheckpoint.queryFilter({ workspace, project }))
        await saved()
      },
    }),
  )
  const isShut = pin.error?.data?.code === 'CONFLICT'
  return (
    <Modal opened onClose={onClose} title={`Pin step ${formatExactCount(candidate.checkpoint.step)}`}>
      <p className="ink-2">
        It stands for the stage from then on: what follows starts from it, and changes, budget and cost are told of it.
        The rule chooses nothing by itself, and a pin can be moved at any time.
      </p>
      {pin.error ? (
        <div style={{ paddingTop: 12 }}>
          <Notice tone="problem" title="This was refused">
            <p>{readFailure(pin.error).sentence}</p>
          </Notice>
        </div>
      ) : null}
      {isShut ? (
        <Textarea
          mt={12}
          label="Why it may be pinned behind the shut gate"
          description="Kept in the audit trail"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      ) : null}
      <Group justify="flex-end" gap={8} mt={20}>
        <Button onClick={onClose}>Leave it</Button>
        <Button
          variant="filled"
          loading={pin.isPending}
          onClick={() =>
            pin.mutate({
              workspace,
              project,
              experiment: number,
              checkpoint: candidate.checkpoint.id,
              ...(reason.trim() !== '' && { override: reason.trim() }),
            })
          }
        >
          Pin it
        </Button>
      </Group>
    </Modal>
  )
}
