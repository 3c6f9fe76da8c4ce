'use client'
import { Button, Switch, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Save } from 'lucide-react'
import Link from 'next/link'
import { parseAsArrayOf, parseAsBoolean, parseAsString } from 'nuqs'
import { type FormEvent, useState } from 'react'
import { ENTRIES_MAX } from '#src/core/comparisons/entries.ts'
import type { ComparisonDraft } from '#src/protocol/comparisons.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { paths } from '#src/ui/paths.ts'
import { POLL_IDLE_MS, readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import { useViewState } from '#src/ui/view-state/use-view-state.ts'
import { AddEntry } from '../add-entry.tsx'
import styles from '../compare.module.css'
import { sentenceOf } from '../sentence.ts'
import { SidesView } from '../sides-view.tsx'

const DRAFT = {
  entries: parseAsArrayOf(parseAsString).withDefault([]),
  baseline: parseAsString,
  parent: parseAsBoolean.withDefault(false),
}

/** Entries of the address side by side; kept under a link of its own once somebody saves it. */
export function DraftView({ workspace }: { workspace: string }) {
  const [draft] = useViewState(DRAFT)
  const trpc = useTRPC()
  const found = useQuery({
    ...trpc.comparisons.draft.queryOptions(
      {
        workspace,
        entries: draft.entries,
        with_parent: draft.parent,
        ...(draft.baseline !== null && { baseline: draft.baseline }),
      },
      { refetchInterval: POLL_IDLE_MS, placeholderData: keepPreviousData },
    ),
    enabled: draft.entries.length > 0,
  })
  if (draft.entries.length === 0) return <NothingNamed workspace={workspace} />
  return (
    <Page>
      <Answer
        query={found}
        what="The comparison"
        heading="New comparison"
        loading={<LoadingRows rows={16} height={26} />}
      >
        {(data) => <Shown workspace={workspace} draft={data} isBehind={found.isPlaceholderData} />}
      </Answer>
    </Page>
  )
}

function NothingNamed({ workspace }: { workspace: string }) {
  const [, set] = useViewState(DRAFT)
  return (
    <Page>
      <PageHead title="New comparison" />
      <Empty
        title="Nothing to compare yet"
        text="Add runs, checkpoints or stages of any project; or select runs in the table of a project and choose Compare."
      >
        <AddEntry workspace={workspace} project={null} taken={[]} onAdd={(entry) => set({ entries: [entry] })} />{' '}
        <Link className="link" href={paths.comparisons(workspace)}>
          Comparisons that were kept
        </Link>
      </Empty>
    </Page>
  )
}

function Shown({ workspace, draft, isBehind }: { workspace: string; draft: ComparisonDraft; isBehind: boolean }) {
  const [asked, set] = useViewState(DRAFT)
  const [saving, setSaving] = useState(false)
  const { sides } = draft
  // What is shown until the answer comes is the comparison of before: the address says what was asked for.
  const keys = isBehind ? asked.entries : sides.entries.map(({ entry }) => entry)
  const base = isBehind ? asked.baseline : (sides.entries.find((entry) => entry.is_baseline)?.entry ?? null)
  const change = (entries: readonly string[], baseline: string | null, label: string) =>
    set({ entries: [...entries], parent: null, baseline: baseline === entries[0] ? null : baseline }, { label })
  return (
    <>
      <PageHead title="New comparison" sentence={sentenceOf(sides)}>
        {keys.length < ENTRIES_MAX ? (
          <AddEntry
            workspace={workspace}
            project={sides.entries[0]?.stage.project ?? null}
            taken={keys}
            onAdd={(entry) => change([...keys, entry], base, 'entry added')}
          />
        ) : null}
        <ExplainedButton
          variant="filled"
          why={
            draft.may_save
              ? isBehind
                ? 'The comparison is being read.'
                : null
              : 'Editors, admins and owners keep comparisons. The link of this page shows the same.'
          }
          leftSection={<Save size={16} strokeWidth={1.75} aria-hidden />}
          onClick={() => setSaving(true)}
        >
          Keep comparison
        </ExplainedButton>
      </PageHead>
      {draft.note === null ? null : (
        <Notice tone="warning" title="There is no parent to compare with">
          <p>{draft.note}</p>
        </Notice>
      )}
      <SidesView
        workspace={workspace}
        name="comparison"
        title="Entries side by side"
        sides={sides}
        hidden={0}
        frozenAt={null}
        request={{
          path: '/comparisons/draft',
          query: { entries: keys.join(','), ...(base !== null && { baseline: base }) },
        }}
        onBaseline={(entry) => change(keys, entry, 'baseline')}
        onRemove={(entry) =>
          change(
            keys.filter((key) => key !== entry),
            entry === base ? null : base,
            'entry taken out',
          )
        }
        controls={null}
      />
      <KeepDialog
        workspace={workspace}
        entries={keys}
        baseline={base}
        suggested={titleOf(draft)}
        opened={saving}
        onClose={() => setSaving(false)}
      />
    </>
  )
}

const TITLE_MAX = 200

const titleOf = ({ sides }: ComparisonDraft): string => {
  const names = sides.entries.map(({ name }) => name)
  const words = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
  return words.slice(0, TITLE_MAX)
}

function KeepDialog(props: {
  workspace: string
  entries: readonly string[]
  baseline: string | null
  suggested: string
  opened: boolean
  onClose: () => void
}) {
  const { workspace, entries, baseline, suggested } = props
  const trpc = useTRPC()
  const go = useGo()
  const queries = useQueryClient()
  const [title, setTitle] = useState<string | null>(null)
  const [frozen, setFrozen] = useState(false)
  const create = useMutation(
    trpc.comparisons.create.mutationOptions({
      onSuccess: (made) => {
        void queries.invalidateQueries({ queryKey: trpc.comparisons.list.queryKey({ workspace }) })
        // What the address says of the view goes along.
        const view = new URLSearchParams(window.location.search)
        for (const word of ['entries', 'baseline', 'parent']) view.delete(word)
        const question = view.toString()
        go(`${paths.comparison(workspace, made.id)}${question === '' ? '' : `?${question}`}`)
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({
      workspace,
      title: (title ?? suggested).trim(),
      entries: [...entries],
      frozen,
      ...(baseline !== null && { baseline }),
    })
  }
  const failure = create.error ? readFailure(create.error) : null
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Keep this comparison">
      <form onSubmit={submit}>
        <TextInput
          label="Title"
          required
          data-autofocus
          maxLength={TITLE_MAX}
          value={title ?? suggested}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={failure?.field === 'title' ? failure.sentence : null}
        />
        <Switch
          mt={16}
          label="Freeze the numbers as they are now"
          description="Later points and scores leave it as it is. It can be made live again."
          checked={frozen}
          onChange={(event) => setFrozen(event.currentTarget.checked)}
        />
        {failure && failure.field !== 'title' ? (
          <div style={{ paddingTop: 12 }}>
            <Notice tone="problem" title="It was not kept">
              <p>{failure.sentence}</p>
            </Notice>
          </div>
        ) : null}
        <div className={styles.dialogFoot}>
          <Button onClick={props.onClose}>Not now</Button>
          <Button variant="filled" type="submit" loading={create.isPending || create.isSuccess}>
            Keep comparison
          </Button>
        </div>
      </form>
    </Modal>
  )
}
