'use client'
import { Button, Group } from '@mantine/core'
import type { LeftOut } from '#src/protocol/bulk-runs.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import styles from './bulk-bar.module.css'
import { runsCount } from './bulk-words.ts'

const NAMED_MAX = 20

/** Why a change was not made: the runs that cannot be changed so, and the others as a way on. `leftOut`: null while none stands in the way. */
export function Blocked(props: {
  leftOut: readonly LeftOut[] | null
  /** How many runs were to be changed. */
  count: number
  busy: boolean
  onGoOn: () => void
  onClose: () => void
}) {
  const leftOut = props.leftOut ?? []
  const rest = props.count - leftOut.length
  return (
    <Modal
      opened={props.leftOut !== null}
      onClose={props.onClose}
      title={props.count === 1 ? 'The run cannot be changed so' : 'Some runs cannot be changed so'}
    >
      <Notice
        tone="warning"
        title={
          props.count === 1
            ? 'Nothing was changed'
            : `Nothing was changed: ${leftOut.length} of ${runsCount(props.count)} stand in the way`
        }
      >
        <ul className={styles.leftOut}>
          {leftOut.slice(0, NAMED_MAX).map((run) => (
            <li key={run.uid}>
              {run.name} (#{run.number}): {run.why}
            </li>
          ))}
        </ul>
        {leftOut.length > NAMED_MAX ? <p>And {leftOut.length - NAMED_MAX} more.</p> : null}
      </Notice>
      <Group justify="flex-end" gap={8} mt={20}>
        <Button onClick={props.onClose}>{rest > 0 ? 'Change none' : 'Close'}</Button>
        {rest > 0 ? (
          <Button variant="filled" loading={props.busy} onClick={props.onGoOn}>
            Change the other {runsCount(rest)}
          </Button>
        ) : null}
      </Group>
    </Modal>
  )
}
