'use client'
import { Checkbox, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { MITIGATION_WORDS, MITIGATIONS, type Mitigation } from '#src/core/experiments/mitigations.ts'
import type { Experiment } from '#src/protocol/experiments.ts'
import { FormFoot } from '#src/ui/kit/form-foot.tsx'
import { refusedBy } from '#src/ui/kit/refusal.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

export type ToldProps = StagePlace & { experiment: Experiment; mayWrite: boolean }

export function ToldForm({ workspace, project, number, experiment, onClose }: ToldProps & { onClose: () => void }) {
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
  const refused = refusedBy(save.error, ['owner', 'team'])
  return (
    <form onSubmit={submit} noValidate>
      <TextInput
        label="Owner"
        description="who answers for this stage"
        maxLength={200}
        value={owner}
        error={refused.at('owner')}
        onChange={(event) => setOwner(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Team"
        mt={12}
        maxLength={200}
        value={team}
        error={refused.at('team')}
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
      <FormFoot refused={refused.elsewhere} verb="Save" busy={save.isPending} onClose={onClose} />
    </form>
  )
}
