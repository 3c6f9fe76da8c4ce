'use client'
import { Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ProtocolPage } from '#src/protocol/benchmarks.ts'
import { FormFoot } from '#src/ui/kit/form-foot.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { refusedBy } from '#src/ui/kit/refusal.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'

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
  const refused = refusedBy(edit.error, ['name', 'note'])
  return (
    <form onSubmit={submit} noValidate>
      <TextInput
        label="Name"
        description="shown instead of the fingerprint"
        data-autofocus
        value={name}
        error={refused.at('name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        mt={12}
        label="Note"
        autosize
        minRows={2}
        maxRows={8}
        value={note}
        error={refused.at('note')}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <FormFoot refused={refused.elsewhere} verb="Save" leave="Cancel" busy={edit.isPending} onClose={onClose} />
    </form>
  )
}
