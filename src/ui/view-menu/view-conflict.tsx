'use client'
import { Button, Group } from '@mantine/core'
import { changedWords } from '#src/core/views/views.ts'
import type { SavedView } from '#src/protocol/views.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import styles from './view-menu.module.css'

/** Somebody else saved the view first: both are shown word by word, and the person chooses. */
export function ViewConflict(props: {
  theirs: SavedView | null
  /** Of the screen. */
  state: string
  busy: boolean
  onMine: (view: SavedView) => void
  onTheirs: (view: SavedView) => void
  onAdd: () => void
  onClose: () => void
}) {
  const { theirs } = props
  return (
    <Modal opened={theirs !== null} onClose={props.onClose} title={`“${theirs?.name}” was changed meanwhile`} size="lg">
      {theirs ? (
        <>
          <p className="ink-2">
            {theirs.updated_by} saved it <Ago at={theirs.updated_at} />. Yours is still on the screen; nothing is lost.
          </p>
          <table className={styles.words}>
            <thead>
              <tr>
                <th scope="col">Part</th>
                <th scope="col">Theirs</th>
                <th scope="col">Yours</th>
              </tr>
            </thead>
            <tbody>
              {changedWords(theirs.state, props.state).map(({ word, from, to }) => (
                <tr key={word}>
                  <th scope="row">{word}</th>
                  <td>{from ?? 'as usual'}</td>
                  <td>{to ?? 'as usual'}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Group justify="flex-end" gap={8} mt={20}>
            <Button onClick={props.onAdd}>Save mine under another name</Button>
            <Button onClick={() => props.onTheirs(theirs)}>Show theirs</Button>
            <Button variant="filled" loading={props.busy} onClick={() => props.onMine(theirs)}>
              Write mine over it
            </Button>
          </Group>
        </>
      ) : null}
    </Modal>
  )
}
