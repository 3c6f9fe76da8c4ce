'use client'
import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { ENTRIES_MAX } from '#src/core/comparisons/entries.ts'
import type { Comparison } from '#src/protocol/comparisons.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { useCrumb } from '#src/ui/shell/page-state.tsx'
import { POLL_IDLE_MS, readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import { AddEntry } from '../add-entry.tsx'
import styles from '../compare.module.css'
import { sentenceOf } from '../sentence.ts'
import { SidesView } from '../sides-view.tsx'

interface Place {
  workspace: string
  comparison: string
}

/** A comparison that somebody kept: live, or with its numbers as they were. */
export function ComparisonView(place: Place) {
  const trpc = useTRPC()
  const found = useQuery(
    trpc.comparisons.get.queryOptions(place, {
      refetchInterval: (query) => (query.state.data?.frozen_at === null ? POLL_IDLE_MS : false),
    }),
  )
  useCrumb(found.data?.title ?? null)
  return (
    <Page>
      <Answer query={found} what="The comparison" heading="Comparison" loading={<LoadingRows rows={16} height={26} />}>
        {(comparison) => <Shown place={place} comparison={comparison} />}
      </Answer>
    </Page>
  )
}

/** Changes the comparison and shows the answer at once. */
function useChange(place: Place, revision: number) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const update = useMutation(
    trpc.comparisons.update.mutationOptions({
      onSuccess: (changed) => {
        queries.setQueryData(trpc.comparisons.get.queryKey(place), changed)
        void queries.invalidateQueries({ queryKey: trpc.comparisons.list.queryKey({ workspace: place.workspace }) })
      },
    }),
  )
  type Change = Omit<Parameters<typeof update.mutate>[0], 'workspace' | 'comparison' | 'revision'>
  return { update, change: (change: Change) => update.mutate({ ...place, revision, ...change }) }
}

function Shown({ place, comparison }: { place: Place; comparison: Comparison }) {
  const { workspace } = place
  const { sides, may_edit, frozen_at } = comparison
  const { update, change } = useChange(place, comparison.revision)
  const trpc = useTRPC()
  const queries = useQueryClient()
  const keys = sides.entries.map(({ entry }) => entry)
  const mayArrange = may_edit && frozen_at === null
  const failure = update.error ? readFailure(update.error) : null
  return (
    <>
      <PageHead
        title={comparison.title}
        sentence={
          <>
            {sentenceOf(sides)}
            <span className="ink-3">
              {' · '}
              by {comparison.by}, {frozen_at === null ? 'changed ' : 'frozen '}
              <Ago at={frozen_at ?? comparison.updated_at} never="" />
            </span>
          </>
        }
      >
        {mayArrange && keys.length < ENTRIES_MAX ? (
          <AddEntry
            workspace={workspace}
            project={sides.entries[0]?.stage.project ?? null}
            taken={keys}
            onAdd={(entry) => change({ entries: [...keys, entry] })}
          />
        ) : null}
        <CopyButton text={comparison.url} label="Copy link" tall />
        {may_edit ? <MoreMenu place={place} comparison={comparison} /> : null}
      </PageHead>
      {failure ? (
        <Notice tone="problem" title="The comparison was not changed">
          <p>
            {failure.sentence}{' '}
            <button
              type="button"
              className="link"
              onClick={() => {
                update.reset()
                void queries.invalidateQueries({ queryKey: trpc.comparisons.get.queryKey(place) })
              }}
            >
              Load it again
            </button>
          </p>
        </Notice>
      ) : null}
      {keys.length === 0 ? (
        <Empty
          title={`${comparison.hidden} of ${comparison.hidden} entries are hidden`}
          text="Their runs or checkpoints were deleted. Admins restore runs in the settings, under deleted runs; then they stand here again."
        />
      ) : (
        <SidesView
          workspace={workspace}
          name={`comparison-${comparison.id.slice(0, 8)}`}
          title={comparison.title}
          sides={sides}
          hidden={comparison.hidden}
          frozenAt={frozen_at}
          request={{ path: `/comparisons/${comparison.id}`, query: {} }}
          onBaseline={mayArrange ? (baseline) => change({ baseline }) : null}
          onRemove={mayArrange ? (entry) => change({ entries: keys.filter((key) => key !== entry) }) : null}
          controls={
            <LiveOrFrozen comparison={comparison} busy={update.isPending} onChange={(frozen) => change({ frozen })} />
          }
        />
      )}
    </>
  )
}

/** Live or frozen, as a switch for those who may change it and as a word for the others. */
function LiveOrFrozen(props: { comparison: Comparison; busy: boolean; onChange: (frozen: boolean) => void }) {
  const { comparison, busy, onChange } = props
  const isFrozen = comparison.frozen_at !== null
  const hiddenWords =
    comparison.hidden > 0
      ? `${comparison.hidden} ${comparison.hidden === 1 ? 'entry is' : 'entries are'} hidden: deleted, or not yours to see${comparison.baseline_hidden ? '; the baseline is among them, so nothing is set against it' : ''}`
      : null
  return (
    <>
      {comparison.may_edit ? (
        <SegmentedControl
          size="xs"
          aria-label="Numbers of the comparison"
          value={isFrozen ? 'frozen' : 'live'}
          data={[
            { value: 'live', label: 'Live' },
            { value: 'frozen', label: isFrozen ? 'Frozen' : 'Freeze' },
          ]}
          onChange={(value) => !busy && (value === 'frozen') !== isFrozen && onChange(value === 'frozen')}
        />
      ) : (
        <span className="ink-2">{isFrozen ? 'Frozen' : 'Live'}</span>
      )}
      {hiddenWords ? <span className={styles.hiddenWords}>{hiddenWords}</span> : null}
    </>
  )
}

function MoreMenu({ place, comparison }: { place: Place; comparison: Comparison }) {
  const [asks, setAsks] = useState<'rename' | 'delete' | null>(null)
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="More for this comparison">
            <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Pencil size={16} strokeWidth={1.75} aria-hidden />}
            onClick={() => setAsks('rename')}
          >
            Rename
          </Menu.Item>
          {comparison.may_delete ? (
            <Menu.Item
              leftSection={<Trash2 size={16} strokeWidth={1.75} aria-hidden />}
              onClick={() => setAsks('delete')}
            >
              Delete
            </Menu.Item>
          ) : (
            <Menu.Label>{comparison.by} or an admin may delete it</Menu.Label>
          )}
        </Menu.Dropdown>
      </Menu>
      {asks === 'rename' ? <Rename place={place} comparison={comparison} onClose={() => setAsks(null)} /> : null}
      <Delete place={place} comparison={comparison} opened={asks === 'delete'} onClose={() => setAsks(null)} />
    </>
  )
}

function Rename({ place, comparison, onClose }: { place: Place; comparison: Comparison; onClose: () => void }) {
  const [title, setTitle] = useState(comparison.title)
  const { update } = useChange(place, comparison.revision)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    update.mutate({ ...place, revision: comparison.revision, title: title.trim() }, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} title="Rename comparison">
      <form onSubmit={submit}>
        <TextInput
          label="Title"
          required
          maxLength={200}
          data-autofocus
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={update.error ? readFailure(update.error).sentence : null}
        />
        <div className={styles.dialogFoot}>
          <Button onClick={onClose}>Keep the title</Button>
          <Button variant="filled" type="submit" loading={update.isPending}>
            Rename
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function Delete(props: { place: Place; comparison: Comparison; opened: boolean; onClose: () => void }) {
  const { place, comparison } = props
  const trpc = useTRPC()
  const go = useGo()
  const queries = useQueryClient()
  const remove = useMutation(
    trpc.comparisons.delete.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: trpc.comparisons.list.queryKey({ workspace: place.workspace }) })
        go(paths.comparisons(place.workspace))
      },
    }),
  )
  return (
    <Confirm
      opened={props.opened}
      title="Delete this comparison?"
      verb="Delete"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(place)}
      onClose={props.onClose}
    >
      <p>
        Its link leads nowhere afterwards
        {comparison.frozen_at === null ? '' : ', and the numbers that it keeps are gone'}. The runs, checkpoints and
        stages in it stay.
      </p>
    </Confirm>
  )
}
