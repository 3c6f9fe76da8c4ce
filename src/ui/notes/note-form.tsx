'use client'
import { Button, Group, SegmentedControl, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { NOTE_CHARACTERS_MAX } from '#src/core/notes/places.ts'
import type { Note, NoteAbout } from '#src/protocol/notes.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { MarkdownView } from '#src/ui/kit/markdown-view.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { problemMember, readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './notes.module.css'

export interface NotePlace {
  place: { workspace: string; project: string }
  about: NoteAbout
}

/** `held`: the note as it is now, kept up to date while one writes. */
export function NoteForm({ place, about, held, onEnd }: NotePlace & { held: Note; onEnd: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [body, setBody] = useState(held.body)
  const [shows, setShows] = useState<'text' | 'preview'>('text')
  // Of the text that the form was opened over: what others write meanwhile must not be overwritten unseen.
  const [read, setRead] = useState(held)
  const write = useMutation(
    trpc.notes.write.mutationOptions({
      onSuccess: onEnd,
      onSettled: () => queryClient.invalidateQueries(trpc.notes.pathFilter()),
    }),
  )
  const refused = readFailure(write.error)
  const other = newer(problemMember(write.error, 'current'), held, read)
  const save = () => write.mutate({ ...place, about, body, revision: read.revision })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      save()
    } else if (event.key === 'Escape' && body === read.body) {
      event.preventDefault()
      event.stopPropagation()
      onEnd()
    }
  }
  const take = (text: string, over: Note) => {
    setBody(text)
    setRead(over)
    setShows('text')
    write.reset()
  }
  return (
    <form onSubmit={submit} noValidate className={styles.form}>
      {other ? (
        <Notice
          tone="warning"
          title={`${other.by ?? 'Somebody'} wrote while you did: choose, or bring the two together`}
        >
          <div className={styles.sides}>
            <section aria-label="Their text">
              <h4>Theirs</h4>
              {other.body === '' ? <p className="ink-3">Taken away.</p> : <MarkdownView text={other.body} />}
            </section>
            <section aria-label="Your text">
              <h4>Yours</h4>
              {body.trim() === '' ? <p className="ink-3">Empty.</p> : <MarkdownView text={body} />}
            </section>
          </div>
          <Group gap={8} mt={8}>
            <Button size="compact-xs" onClick={() => take(body, other)}>
              Keep mine
            </Button>
            <Button size="compact-xs" onClick={() => take(other.body, other)}>
              Take theirs
            </Button>
            <Button size="compact-xs" onClick={() => take(together(other.body, body), other)}>
              Put both below each other
            </Button>
          </Group>
        </Notice>
      ) : null}
      <SegmentedControl
        aria-label="Text or preview"
        value={shows}
        onChange={(value) => setShows(value === 'preview' ? 'preview' : 'text')}
        data={[
          { value: 'text', label: 'Text' },
          { value: 'preview', label: 'Preview' },
        ]}
      />
      {shows === 'preview' ? (
        <div className={styles.preview}>
          {body.trim() === '' ? <p className="ink-3">Nothing to show yet.</p> : <MarkdownView text={body} />}
        </div>
      ) : (
        <Textarea
          aria-label="Note in Markdown"
          description="Markdown. Ctrl or Cmd with Enter saves."
          inputWrapperOrder={['input', 'description']}
          w="100%"
          autosize
          minRows={4}
          maxRows={18}
          maxLength={NOTE_CHARACTERS_MAX}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          onKeyDown={onKey}
          autoFocus
        />
      )}
      {write.error && !other ? (
        <p className={styles.problem} role="alert">
          {refused.sentence}
        </p>
      ) : null}
      <Group gap={8}>
        <ExplainedButton
          variant="filled"
          type="submit"
          why={other ? 'Choose between the two texts first.' : null}
          loading={write.isPending}
        >
          Save note
        </ExplainedButton>
        <Button onClick={onEnd}>Cancel</Button>
      </Group>
    </form>
  )
}

/** The text that somebody else wrote over the one that was read: as the server refused with it, or as the page learned of it. */
function newer(current: unknown, held: Note, read: Note): Note | null {
  const told = isNote(current) ? current : held
  const newest = told.revision > held.revision ? told : held
  return newest.revision > read.revision ? newest : null
}

const isNote = (value: unknown): value is Note =>
  typeof value === 'object' && value !== null && 'revision' in value && 'body' in value

const together = (theirs: string, mine: string): string =>
  [theirs.trim(), mine.trim()].filter((text) => text !== '').join('\n\n')
