'use client'
import { Button, Group, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { VIEW_NAME_CHARACTERS_MAX, type ViewPage } from '#src/core/views/views.ts'
import type { SavedView } from '#src/protocol/views.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { showNotice } from '#src/ui/kit/notices.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import { showAsStep } from './shown-view.ts'
import styles from './view-menu.module.css'

/** Saves what is on the screen as a view of its own, or renames and shares one. */
export type ViewForm = { kind: 'add' } | { kind: 'change'; view: SavedView }

interface Props {
  form: ViewForm | null
  place: { workspace: string; project: string }
  page: ViewPage
  state: string
  mayShare: boolean
  onClose: () => void
}

export function ViewDialog(props: Props) {
  const { form, onClose } = props
  return (
    <Modal
      opened={form !== null}
      onClose={onClose}
      title={form?.kind === 'change' ? `Rename or share “${form.view.name}”` : 'Save as a view'}
    >
      {form ? <Fields {...props} form={form} /> : null}
    </Modal>
  )
}

function Fields({ form, place, page, state, mayShare, onClose }: Props & { form: ViewForm }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const begun = form.kind === 'change' ? form.view : null
  const [name, setName] = useState(begun?.name ?? '')
  const [audience, setAudience] = useState<'private' | 'shared'>(begun?.audience === 'shared' ? 'shared' : 'private')
  const onSettled = () => queryClient.invalidateQueries(trpc.views.pathFilter())
  const save = useMutation(
    trpc.views.save.mutationOptions({
      onSettled,
      onSuccess: (view) => {
        showAsStep({ state: view.state, view: view.key }, `saving the view “${view.name}”`, 'replace')
        showNotice({ message: `Saved “${view.name}”.` })
        onClose()
      },
    }),
  )
  const change = useMutation(trpc.views.change.mutationOptions({ onSettled, onSuccess: onClose }))
  const error = save.error ?? change.error
  const failure = error ? readFailure(error) : null
  const isBlank = name.trim() === ''
  const [asked, setAsked] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (isBlank) return
    if (begun) change.mutate({ ...place, view: begun.key, revision: begun.revision, name, audience })
    else save.mutate({ ...place, page, audience, name, state })
  }
  return (
    <form onSubmit={submit} noValidate>
      <TextInput
        label="Name"
        maxLength={VIEW_NAME_CHARACTERS_MAX}
        value={name}
        error={asked && isBlank ? 'Give the view a name.' : failure?.field === 'name' ? failure.sentence : null}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <SegmentedControl
        aria-label="Who sees it"
        fullWidth
        mt={12}
        value={audience}
        onChange={(value) => setAudience(value === 'shared' ? 'shared' : 'private')}
        data={[
          { value: 'private', label: 'Only me' },
          { value: 'shared', label: 'All who read the project', disabled: !mayShare },
        ]}
      />
      <p className={styles.hint}>
        {mayShare
          ? 'A shared view is changed by whoever may write in the project.'
          : 'Your role here can keep views but not share them. A copied link shows this view to others all the same.'}
      </p>
      {failure && failure.field !== 'name' ? (
        <p className={styles.problem} role="alert">
          {failure.sentence}
        </p>
      ) : null}
      <Group justify="flex-end" gap={8} mt={20}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" type="submit" loading={save.isPending || change.isPending}>
          {begun ? 'Save' : 'Save view'}
        </Button>
      </Group>
    </form>
  )
}
