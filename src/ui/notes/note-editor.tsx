'use client'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Note } from '#src/protocol/notes.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { whenIdle } from '#src/ui/kit/load-part.ts'
import { MarkdownView } from '#src/ui/kit/markdown-view.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import type { NotePlace } from './note-form.tsx'
import styles from './notes.module.css'

const NoteForm = later(() => import('./note-form.tsx').then((file) => file.NoteForm), <Skeleton h={160} />)

interface Props extends NotePlace {
  /** Asked of the server where the page does not say. */
  mayWrite?: boolean
}

/**
 * The note on a run, an experiment, a chart or a cell: shown as Markdown, written in place. When somebody else wrote meanwhile both
 * texts stand side by side, and nothing typed is lost.
 */
export function NoteEditor(props: Props) {
  const trpc = useTRPC()
  const query = useQuery(trpc.notes.get.queryOptions({ ...props.place, about: props.about }))
  const me = useQuery({
    ...trpc.me.get.queryOptions(undefined, { staleTime: 60_000 }),
    enabled: props.mayWrite === undefined,
  })
  const here = me.data?.workspaces.find(({ slug }) => slug === props.place.workspace)
  const mayWrite = props.mayWrite ?? here?.permissions.includes('note:write') ?? true
  const [writes, setWrites] = useState(false)
  useEffect(() => whenIdle(NoteForm.preload), [])
  return (
    <Answer query={query} what="The note" loading={<Skeleton h={44} />}>
      {({ note, earlier }) =>
        writes ? (
          <NoteForm place={props.place} about={props.about} held={note} onEnd={() => setWrites(false)} />
        ) : (
          <div className={styles.note}>
            {note.body === '' ? (
              <p className="ink-3">
                {note.revision === 0 ? 'No note yet.' : 'The note was taken away.'} What was tried, what was seen, what
                comes next.
              </p>
            ) : (
              <MarkdownView text={note.body} />
            )}
            <div className={styles.foot}>
              <ExplainedButton
                size="compact-xs"
                why={mayWrite ? null : 'Your role here can look but not write.'}
                leftSection={<Pencil size={14} strokeWidth={1.75} aria-hidden />}
                onClick={() => setWrites(true)}
              >
                {note.body === '' ? 'Write a note' : 'Edit the note'}
              </ExplainedButton>
              {note.at ? (
                <span className={styles.by}>
                  {note.by}, <Ago at={note.at} />
                </span>
              ) : null}
            </div>
            {earlier.length > 0 ? <Earlier earlier={earlier} /> : null}
          </div>
        )
      }
    </Answer>
  )
}

function Earlier({ earlier }: { earlier: readonly Note[] }) {
  return (
    <details className={styles.earlier}>
      <summary>
        {earlier.length} earlier {earlier.length === 1 ? 'text' : 'texts'}
      </summary>
      <ol reversed>
        {earlier.map((one) => (
          <li key={one.revision} value={one.revision}>
            <p className={styles.by}>
              {one.by}, {one.at ? <Ago at={one.at} /> : null}
            </p>
            {one.body === '' ? <p className="ink-3">Taken away.</p> : <MarkdownView text={one.body} />}
          </li>
        ))}
      </ol>
    </details>
  )
}
