'use client'
import { Button, Checkbox, Group, Modal, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { MITIGATION_WORDS, MITIGATIONS, type Mitigation } from '#src/core/experiments/mitigations.ts'
import type { Experiment } from '#src/protocol/experiments.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

type Props = StagePlace & { experiment: Experiment; mayWrite: boolean }

/** Who owns the stage, and what was done against forgetting, changed in a dialog. */
export function StageTold(props: Props) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <ExplainedButton
        size="compact-xs"
        variant="subtle"
        why={props.mayWrite ? null : 'Your role here can look but not change stages.'}
        onClick={() => setOpened(true)}
      >
        Edit
      </ExplainedButton>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`What is said of ${props.experiment.name}`}>
        {opened ? <ToldForm {...props} onClose={() => setOpened(false)} /> : null}
      </Modal>
    </>
  )
}

function ToldForm({ workspace, project, number, experiment, onClose }: Props & { onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [owner, setOwner] = useState(experiment.owner ?? '')
  const [team, setTeam] = useState(experiment.team ?? '')
  const [byRecords, setByRecords] = useState(experiment.mitigations.by === 'records')
  const [tags, setTags] = useState<readonly Mitigation[]>(experiment.mitigations.tags.map(({ tag }) => tag))
  const save = useMutation(
    trpc.experiments.update.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.experiments.page.queryFilter({ workspace, project }))
        onClose()
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({
      ...{ workspace, project, experiment: number },
      owner: owner.trim() || null,
      team: team.trim() || null,
      mitigations: byRecords ? null : [...tags],
    })
  }
  return (
    <form onSubmit={submit} noValidate>
      <TextInput
        label="Owner"
        description="who answers for this stage"
        maxLength={200}
        value={owner}
        onChange={(event) => setOwner(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Team"
        mt={12}
        maxLength={200}
        value={team}
        onChange={(event) => setTeam(event.currentTarget.value)}
      />
      <p className={styles.fieldName}>Against forgetting</p>
      <Switch
        label="Read it from mixture, method and config"
        checked={byRecords}
        onChange={(event) => setByRecords(event.currentTarget.checked)}
      />
      {byRecords ? null : (
        <Checkbox.Group
          aria-label="What was done against forgetting"
          value={[...tags]}
          onChange={(next) => setTags(MITIGATIONS.filter((tag) => next.includes(tag)))}
          mt={8}
        >
          <div className={styles.tags}>
            {MITIGATIONS.map((tag) => (
              <Checkbox key={tag} value={tag} label={MITIGATION_WORDS[tag]} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      {save.error ? (
        <Notice tone="problem" title="This was refused">
          <p>{readFailure(save.error).sentence}</p>
        </Notice>
      ) : null}
      <Group justify="flex-end" gap={8} mt={20}>
        <Button onClick={onClose}>Close</Button>
        <Button variant="filled" type="submit" loading={save.isPending}>
          Save
        </Button>
      </Group>
    </form>
  )
}
