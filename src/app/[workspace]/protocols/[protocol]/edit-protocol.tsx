'use client'
import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ProtocolPage } from '#src/protocol/benchmarks.ts'
import styles from '#src/ui/benchmarks/benchmarks.module.css'
import { Notice } from '#src/ui/kit/problem.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'

interface Props {
  workspace: string
  protocol: ProtocolPage
  opened: boolean
  onClose: () => void
}

/** Names a protocol and notes something about it. */
export function EditProtocol(props: Props) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Name this protocol">
      <Fields {...props} />
    </Modal>
  )
}

function Fields({ workspace, protocol, onClose }: Props) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState(protocol.name)
  const [note, setNote] = useState(protocol.note)
  const edit = useMutation(
    trpc.benchmarks.editProtocol.mutationOptions({
      onSuccess: async (page) => {
        const of = { workspace, protocol: protocol.fingerprint }
        queryClient.setQueryData(trpc.benchmarks.protocol.queryKey(of), page)
        await queryClient.invalidateQueries(trpc.benchmarks.get.queryFilter())
        onClose()
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    edit.mutate({ workspace, protocol: protocol.fingerprint, name, note })
  }
  return (
    <form onSubmit={submit} noValidate>
      {edit.error ? (
        <div className={styles.failure}>
          <Notice tone="problem" title="This was refused">
            <p>{readFailure(edit.error).sentence}</p>
          </Notice>
        </div>
      ) : null}
      <TextInput
        label="Name"
        description="shown instead of the fingerprint"
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        mt={12}
        label="Note"
        autosize
        minRows={2}
        maxRows={8}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={styles.formFoot}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" type="submit" loading={edit.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}
