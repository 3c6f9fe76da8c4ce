'use client'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Bookmark, Check, ChevronDown, Lock, Users } from 'lucide-react'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import type { ViewPage } from '#src/core/views/views.ts'
import type { SavedView } from '#src/protocol/views.ts'
import { later } from '#src/ui/kit/later.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { hideNotice, showNotice } from '#src/ui/kit/notices.tsx'
import { problemMember, readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import { readShown, showAsStep } from './shown-view.ts'
import { useOpenedView } from './use-opened-view.ts'
import { useViews } from './use-views.ts'
import type { ViewForm } from './view-dialog.tsx'
import styles from './view-menu.module.css'

const ViewConflict = later(() => import('./view-conflict.tsx').then((file) => file.ViewConflict))
const ViewDialog = later(() => import('./view-dialog.tsx').then((file) => file.ViewDialog))

interface Props {
  place: { workspace: string; project: string }
  page: ViewPage
  /** May the person share views with all who read the project. */
  mayShare: boolean
}

/** How long the way back stands in the corner, ms. */
const UNDO_MS = 15_000

/** Saved views of a page, private and shared: choose, save, rename, share, delete. */
export function ViewMenu({ place, page, mayShare }: Props) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const list = useViews(place, page)
  const items = list.data?.items
  const { opened, error } = useOpenedView(place, items)
  const { state } = readShown(useSearchParams().toString())
  const [form, setForm] = useState<ViewForm | null>(null)
  const named = opened?.audience === 'link' ? null : opened
  const isChanged = named !== null && named.state !== state
  const mayChange = named !== null && (named.audience === 'shared' ? mayShare : named.mine)

  const renew = () => queryClient.invalidateQueries(trpc.views.pathFilter())
  const change = useMutation(trpc.views.change.mutationOptions({ onSettled: renew }))
  const remove = useMutation(trpc.views.delete.mutationOptions())
  const save = useMutation(trpc.views.save.mutationOptions({ onSettled: renew }))

  const choose = (view: SavedView) =>
    showAsStep({ state: view.state, view: view.key }, `choosing the view “${view.name}”`, 'push')
  const refused = (failure: unknown) =>
    showNotice({ message: readFailure(failure).sentence, color: 'red', autoClose: UNDO_MS })
  const saveChanges = (view: SavedView) =>
    change.mutate(
      { ...place, view: view.key, revision: view.revision, state },
      { onSuccess: () => showNotice({ message: `Saved “${view.name}” as it is on the screen.` }) },
    )
  const deleteIt = (view: SavedView) =>
    remove.mutate(
      { ...place, view: view.key },
      {
        onError: refused,
        onSuccess: (gone) => {
          const id = `view-${gone.key}`
          showAsStep({ state, view: null }, `deleting the view “${gone.name}”`, 'replace')
          // After the address: a list without the view would be asked for the one that the address names.
          void renew()
          showNotice({
            id,
            autoClose: UNDO_MS,
            message: (
              <span className={styles.toast}>
                <span>Deleted the view “{gone.name}”.</span>
                <Button
                  size="compact-xs"
                  onClick={() => {
                    hideNotice(id)
                    const { key, audience, name } = gone
                    save.mutate(
                      { ...place, page, key, audience, name: name ?? '', state: gone.state },
                      { onError: refused },
                    )
                  }}
                >
                  Undo
                </Button>
              </span>
            ),
          })
        },
      },
    )
  const current = problemMember(change.error, 'current') as SavedView | undefined

  return (
    <>
      <Menu position="bottom-start" width={260} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button
            leftSection={<Bookmark size={14} strokeWidth={1.75} aria-hidden />}
            rightSection={<ChevronDown size={14} strokeWidth={1.75} aria-hidden />}
            aria-label={named ? `View: ${named.name}${isChanged ? ', changed' : ''}` : 'Views'}
          >
            <span className={styles.name}>{named ? named.name : 'Views'}</span>
            {isChanged ? <span className={styles.changed}>changed</span> : null}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={styles.dropdown}>
          {list.isError ? <p className={styles.empty}>{readFailure(list.error).sentence}</p> : null}
          <ViewItems
            label="Mine"
            views={items?.filter((view) => view.audience === 'private')}
            shown={named}
            onChoose={choose}
          />
          <ViewItems
            label="Shared"
            views={items?.filter((view) => view.audience === 'shared')}
            shown={named}
            onChoose={choose}
          />
          {items?.length === 0 ? (
            <p className={styles.empty}>No view is saved yet. Set the page up, then save it under a name.</p>
          ) : null}
          <Menu.Divider />
          {named && isChanged && mayChange ? (
            <Menu.Item onClick={() => saveChanges(named)}>Save changes to “{named.name}”</Menu.Item>
          ) : null}
          {named && isChanged ? (
            <Menu.Item onClick={() => choose(named)}>Back to “{named.name}” as saved</Menu.Item>
          ) : null}
          <Menu.Item onClick={() => setForm({ kind: 'add' })}>Save as a view…</Menu.Item>
          {named && mayChange ? (
            <Menu.Item onClick={() => setForm({ kind: 'change', view: named })}>
              Rename or share “{named.name}”…
            </Menu.Item>
          ) : null}
          {named && mayChange ? <Menu.Item onClick={() => deleteIt(named)}>Delete “{named.name}”</Menu.Item> : null}
          {state !== '' || named ? (
            <Menu.Item onClick={() => showAsStep({ state: '', view: null }, 'going back to the usual view', 'push')}>
              The usual view
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {error ? (
        <p className={styles.problem} role="alert">
          {readFailure(error).sentence}
        </p>
      ) : null}
      {change.error && !current ? (
        <p className={styles.problem} role="alert">
          {readFailure(change.error).sentence}
        </p>
      ) : null}
      <ViewDialog
        form={form}
        place={place}
        page={page}
        state={state}
        mayShare={mayShare}
        onClose={() => setForm(null)}
      />
      <ViewConflict
        theirs={current ?? null}
        state={state}
        busy={change.isPending}
        onMine={(view) => saveChanges(view)}
        onTheirs={(view) => {
          change.reset()
          choose(view)
        }}
        onAdd={() => {
          change.reset()
          setForm({ kind: 'add' })
        }}
        onClose={() => change.reset()}
      />
    </>
  )
}

function ViewItems(props: {
  label: string
  views: readonly SavedView[] | undefined
  shown: SavedView | null
  onChoose: (view: SavedView) => void
}) {
  if (!props.views || props.views.length === 0) return null
  const Icon = props.label === 'Shared' ? Users : Lock
  return (
    <>
      <Menu.Label>{props.label}</Menu.Label>
      {props.views.map((view) => (
        <Menu.Item
          key={view.key}
          leftSection={<Icon size={14} strokeWidth={1.75} aria-hidden />}
          rightSection={
            view.key === props.shown?.key ? <Check size={14} strokeWidth={1.75} aria-label="shown" /> : undefined
          }
          onClick={() => props.onChoose(view)}
        >
          <span className={styles.item}>{view.name}</span>
          {view.audience === 'shared' && view.owner && !view.mine ? (
            <span className={styles.owner}>{view.owner}</span>
          ) : null}
        </Menu.Item>
      ))}
    </>
  )
}
