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
  // As the form opened: what others told meanwhile stays, unless it is changed here, too.
  const [was] = useState(() => toldOf(experiment))
  const [owner, setOwner] = useState(was.owner ?? '')
  const [team, setTeam] = useState(was.team ?? '')
  const [byRecords, setByRecords] = useState(was.mitigations === null)
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
    const now = { owner: owner.trim() || null, team: team.trim() || null, mitigations: byRecords ? null : [...tags] }
    save.mutate({
      ...{ workspace, project, experiment: number },
      ...(now.owner !== was.owner && { owner: now.owner }),
      ...(now.team !== was.team && { team: now.team }),
      ...(now.mitigations?.join() !== was.mitigations?.join() && { mitigations: now.mitigations }),
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

const toldOf = ({ owner, team, mitigations }: Experiment) => ({
  owner,
  team,
  mitigations: mitigations.by === 'records' ? null : mitigations.tags.map(({ tag }) => tag),
})
