'use client'
import { Button, Group, NumberInput, Select, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { EDGE_KINDS, type EdgeKind } from '#src/core/lineage/edge-kinds.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { EDGE_WORDS } from '#src/ui/marks/edge-words.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import type { EditEdgeProps } from './edit-edge-props.ts'
import { useRenewLineage } from './use-renew-lineage.ts'

const NO_CHECKPOINT = 'none'
/** A stage as the list of choices names it. */
const stageValue = ({ project, number }: { project: string; number: number }) => `${project}/${number}`

/** Corrects an edge, or adds a parent to a stage: kind, parent, checkpoint, weight and note. */
export function EdgeDialog({ workspace, project, edge: of, onSaved, onClose }: EditEdgeProps) {
  const edge = typeof of === 'number' ? null : of
  const child = typeof of === 'number' ? of : of.child.number
  const trpc = useTRPC()
  const place = { workspace, project }
  const renew = useRenewLineage(place)
  const [kind, setKind] = useState<EdgeKind>(edge?.kind ?? 'init')
  const [parent, setParent] = useState<string | null>(edge ? stageValue(edge.parent) : null)
  const [checkpoint, setCheckpoint] = useState(edge?.checkpoint?.id ?? NO_CHECKPOINT)
  const [weight, setWeight] = useState<number | null>(edge?.weight ?? null)
  const [note, setNote] = useState(edge?.note ?? '')
  const [isRemoving, setRemoving] = useState(false)
  const stages = useQuery(trpc.experiments.list.queryOptions({ ...place, limit: 1000 }, { staleTime: 30_000 }))
  const [ofProject, ofNumber] = parent?.split('/') ?? []
  const page = useQuery({
    ...trpc.experiments.page.queryOptions({
      workspace,
      project: ofProject ?? project,
      experiment: Number(ofNumber ?? child),
    }),
    enabled: parent !== null,
    staleTime: 30_000,
  })
  const done = async (now: Edge | null) => {
    await renew()
    onSaved?.(now)
    onClose()
  }
  const link = useMutation(trpc.lineage.link.mutationOptions({ onSuccess: done }))
  const change = useMutation(trpc.lineage.changeEdge.mutationOptions({ onSuccess: done }))
  const remove = useMutation(trpc.lineage.removeEdge.mutationOptions({ onSuccess: () => done(null) }))
  const error = link.error ?? change.error ?? remove.error
  const isBusy = link.isPending || change.isPending || remove.isPending

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (parent === null || ofNumber === undefined) return
    const asked = {
      ...place,
      kind,
      parent: Number(ofNumber),
      parent_project: ofProject,
      weight: kind === 'merge' ? weight : null,
      note: note.trim(),
    }
    const named = checkpoint === NO_CHECKPOINT ? null : checkpoint
    if (edge === null) {
      // An empty field says nothing about the note of an edge that is there already.
      const { note: said, ...rest } = asked
      link.mutate({ ...rest, child, ...(said !== '' && { note: said }), ...(named !== null && { checkpoint: named }) })
    } else if (named !== null || stageValue(edge.parent) === parent)
      change.mutate({
        ...asked,
        edge: edge.id,
        checkpoint: named,
        // A parent beside its checkpoint is said twice; without one it is said only where it is another.
        ...(named === null && { parent: undefined, parent_project: undefined }),
      })
    else change.mutate({ ...asked, edge: edge.id })
  }
  const choices = new Map(
    (stages.data?.items ?? [])
      .filter(({ number }) => number !== child)
      .map((stage) => [stageValue(stage), `${stage.name} (#${stage.number})`]),
  )
  if (edge && !choices.has(stageValue(edge.parent)))
    choices.set(stageValue(edge.parent), `${edge.parent.name} of ${edge.parent.project}`)
  return (
    <Modal opened onClose={onClose} title={edge ? `${edge.child.name} from ${edge.parent.name}` : 'Add a parent'}>
      <form onSubmit={submit} noValidate>
        <Select
          label="What the parent is to the stage"
          value={kind}
          data={EDGE_KINDS.map((value) => ({ value, label: EDGE_WORDS[value] }))}
          allowDeselect={false}
          onChange={(value) => setKind(EDGE_KINDS.find((one) => one === value) ?? 'init')}
          comboboxProps={{ withinPortal: false }}
        />
        <Select
          mt={12}
          label="Parent"
          placeholder="Choose a stage"
          description={stages.data?.next_cursor ? 'The first 1,000 stages are listed.' : undefined}
          searchable
          value={parent}
          data={[...choices].map(([value, label]) => ({ value, label }))}
          allowDeselect={false}
          onChange={(value) => {
            setParent(value)
            setCheckpoint(NO_CHECKPOINT)
          }}
          comboboxProps={{ withinPortal: false }}
          data-autofocus={edge === null || undefined}
        />
        <Select
          mt={12}
          label="Checkpoint that it starts from"
          value={checkpoint}
          data={[
            { value: NO_CHECKPOINT, label: 'not named: that of the stage' },
            ...(page.data?.checkpoints ?? []).map(({ id, step, run }) => ({
              value: id,
              label: `step ${formatExactCount(step)}${run ? `, run #${run.number}` : ''}`,
            })),
          ]}
          allowDeselect={false}
          onChange={(value) => setCheckpoint(value ?? NO_CHECKPOINT)}
          comboboxProps={{ withinPortal: false }}
        />
        {kind === 'merge' ? (
          <NumberInput
            mt={12}
            label="Weight in the merge"
            value={weight ?? ''}
            min={-10}
            max={10}
            step={0.1}
            onChange={(value) => setWeight(value === '' ? null : Number(value))}
          />
        ) : null}
        <Textarea
          mt={12}
          label="Note"
          description="why it comes from there, what was changed on the way"
          autosize
          minRows={2}
          data-autofocus={edge !== null || undefined}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {error ? (
          <div style={{ paddingTop: 12 }}>
            <Notice tone="problem" title="This was refused">
              <p>{readFailure(error).sentence}</p>
            </Notice>
          </div>
        ) : null}
        <Group justify="space-between" gap={8} mt={20}>
          {edge ? (
            <Button
              variant={isRemoving ? 'filled' : 'subtle'}
              color="red"
              loading={remove.isPending}
              onClick={() => (isRemoving ? remove.mutate({ ...place, edge: edge.id }) : setRemoving(true))}
            >
              {isRemoving ? 'Yes, it is no parent' : 'Take it away'}
            </Button>
          ) : (
            <span />
          )}
          <Group gap={8}>
            <Button onClick={onClose}>Cancel</Button>
            <ExplainedButton
              variant="filled"
              type="submit"
              why={parent === null ? 'Choose the parent first.' : null}
              loading={isBusy && !remove.isPending}
            >
              Save
            </ExplainedButton>
          </Group>
        </Group>
      </form>
    </Modal>
  )
}
