'use client'
import { Button, Group } from '@mantine/core'
import type { Look, LookOverride } from '#src/core/layouts/layout.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { AxisField, GroupingField, ScaleFields, SmoothingField } from './look-fields.tsx'
import { overrideWords } from './override-words.ts'
import styles from './workspace.module.css'

/**
 * The look of one section or chart: each change becomes its own setting, which stands before what comes from above. One press drops
 * them all.
 */
export function LookDialog(props: {
  /** "the section eval", "loss". */
  what: string
  /** As it is drawn. */
  look: Look
  own: LookOverride
  keys: readonly string[]
  onOwn: (own: LookOverride) => void
  onClose: () => void
}) {
  const { what, look, own, keys } = props
  const isOwn = Object.keys(own).length > 0
  const fields = {
    look,
    keys,
    of: `of ${what}`,
    onLook: (change: LookOverride) => props.onOwn({ ...own, ...change }),
  }
  return (
    <Modal opened onClose={props.onClose} title={`Look of ${what}`} size="md">
      <div className={styles.fields}>
        <AxisField {...fields} />
        <SmoothingField {...fields} />
        <GroupingField {...fields} />
      </div>
      <div className={styles.fields}>
        <ScaleFields {...fields} />
      </div>
      <p className={styles.ownWords} role="status">
        {isOwn ? `Own settings: ${overrideWords(own)}.` : 'No own setting: it follows the settings above it.'}
      </p>
      <Group justify="flex-end" gap={8}>
        {isOwn ? <Button onClick={() => props.onOwn({})}>Drop own settings</Button> : null}
        <Button variant="filled" onClick={props.onClose}>
          Done
        </Button>
      </Group>
    </Modal>
  )
}
