'use client'
import { Button, Group, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useGo } from '#src/ui/connection/use-go.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { paths } from '#src/ui/paths.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import { slugOf } from './slug-of.ts'

/** Asks for a name; the address follows it until it is changed by hand. Refusals stand at the field. */
export function CreateProject({
  workspace,
  opened,
  onClose,
}: {
  workspace: string
  opened: boolean
  onClose: () => void
}) {
  const trpc = useTRPC()
  const go = useGo()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [ownSlug, setOwnSlug] = useState<string | null>(null)
  const create = useMutation(
    trpc.projects.create.mutationOptions({
      onSuccess: async (project) => {
        await queryClient.invalidateQueries(trpc.projects.list.queryFilter({ workspace }))
        go(paths.lineage(workspace, project.slug))
      },
    }),
  )
  const slug = ownSlug ?? slugOf(name)
  const failure = create.error ? readFailure(create.error) : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ workspace, slug, name: name.trim() === '' ? slug : name.trim() })
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Create project">
      <form onSubmit={submit} noValidate>
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          error={failure?.field === 'name' ? failure.sentence : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          mt={12}
          label="Address"
          description="Lower-case letters, digits and hyphens; used in links and by clients"
          value={slug}
          error={failure && failure.field !== 'name' ? failure.sentence : null}
          onChange={(event) => setOwnSlug(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap={8} mt={20}>
          <Button onClick={onClose}>Close</Button>
          <Button variant="filled" type="submit" loading={create.isPending}>
            Create project
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
