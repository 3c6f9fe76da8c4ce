'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import type { ThinPreview } from '#src/protocol/storage.ts'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './storage.module.css'

const NEVER = 'never'
const CHOICES = [7, 30, 90, 180, 365]

/** Whether raw points of old runs are dropped, and what that would do now. */
export function ThinningPolicy(props: { workspace: string; project: string; days: number | null; mayDelete: boolean }) {
  const { workspace, project } = props
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  /** Undefined until somebody chooses: then it is the policy in force. */
  const [draft, setDays] = useState<number | null>()
  const days = draft === undefined ? props.days : draft
  const [asking, setAsking] = useState(false)
  const preview = useQuery(
    trpc.storage.previewThinning.queryOptions({ workspace, project, days: days ?? 30 }, { enabled: days !== null }),
  )
  const save = useMutation(
    trpc.projects.update.mutationOptions({
      onSuccess: async () => {
        setAsking(false)
        setDays(undefined)
        await queryClient.invalidateQueries(trpc.storage.pathFilter())
      },
    }),
  )
  const isChanged = days !== props.days
  const submit = () => save.mutate({ workspace, project, thin_after_days: days })
  const choices = [...new Set([...CHOICES, ...(props.days === null ? [] : [props.days])])].sort((a, b) => a - b)
  return (
    <>
      <div className={styles.policy}>
        <Select
          label="Thin runs that ended"
          w={240}
          value={days === null ? NEVER : String(days)}
          data={[
            { value: NEVER, label: 'never' },
            ...choices.map((n) => ({ value: String(n), label: `more than ${n} days ago` })),
          ]}
          onChange={(value) => setDays(value === NEVER || value === null ? null : Number(value))}
        />
        <ExplainedButton
          why={whyNot(props.mayDelete, isChanged) ?? (days === null || preview.data ? null : uncounted(preview.error))}
          loading={save.isPending && !asking}
          onClick={() => (days === null ? submit() : setAsking(true))}
        >
          Save
        </ExplainedButton>
      </div>
      <p className={styles.note} aria-live="polite">
        {sentence(days, isChanged, preview.data)}
      </p>
      {save.error && !asking ? (
        <Notice tone="problem" title="This was refused">
          <p>{readFailure(save.error).sentence}</p>
        </Notice>
      ) : null}
      <Confirm
        opened={asking}
        title="Drop raw points of old runs?"
        verb="Drop raw points"
        keep="Keep them"
        busy={save.isPending}
        error={save.error}
        onConfirm={submit}
        onClose={() => {
          save.reset()
          setAsking(false)
        }}
      >
        <p>
          {preview.data ? `${would(preview.data)} now, ` : ''}and each further run {days} days after its end. Charts
          keep minimum, maximum and mean of every 8 points and show the same curves; zooming in to single points and
          exporting them is over. It cannot be undone.
        </p>
        <p>A run that was thinned takes no late points any more; resumed, it goes on as a new attempt.</p>
      </Confirm>
    </>
  )
}

/** What goes for good is not asked about before it is counted. */
const uncounted = (error: Parameters<typeof readFailure>[0] | null): string =>
  error ? `It could not be counted what goes: ${readFailure(error).sentence}` : 'Counting what that would drop.'

function whyNot(mayDelete: boolean, isChanged: boolean): string | null {
  if (!mayDelete) return 'Admins and owners decide what is dropped.'
  return isChanged ? null : 'Nothing was changed.'
}

function sentence(days: number | null, isChanged: boolean, preview: ThinPreview | undefined): string {
  if (days === null)
    return isChanged
      ? 'Raw points stay from now on; those that were dropped do not come back.'
      : 'Raw points of all runs are kept.'
  if (!preview) return 'Counting what that would drop …'
  if (preview.runs === 0) return 'No run ended that long ago with raw points left.'
  return isChanged ? `${would(preview)} now.` : `${would(preview)} within minutes.`
}

/** "Would thin 12 runs and free about 3.40 GiB". */
const would = ({ runs, bytes }: ThinPreview): string =>
  `Would thin ${formatExactCount(runs)} ${runs === 1 ? 'run' : 'runs'} and free about ${formatBytes(bytes)}`
