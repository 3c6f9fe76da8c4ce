'use client'
import { Button, Group } from '@mantine/core'
import { Notice } from './problem.tsx'

/** The end of a form in a dialog: a refusal that is about no field of it, the way out and the verb that sends it. */
export function FormFoot(props: {
  /** Of `refusedBy`; null while nothing is refused. */
  refused: string | null
  verb: string
  /** The word for leaving without sending; “Close” when absent. */
  leave?: string
  busy: boolean
  onClose: () => void
}) {
  return (
    <>
      {props.refused === null ? null : (
        <div style={{ paddingTop: 12 }}>
          <Notice tone="problem" title="This was refused">
            <p>{props.refused}</p>
          </Notice>
        </div>
      )}
      <Group justify="flex-end" gap={8} mt={20}>
        <Button onClick={props.onClose}>{props.leave ?? 'Close'}</Button>
        <Button variant="filled" type="submit" loading={props.busy}>
          {props.verb}
        </Button>
      </Group>
    </>
  )
}
