'use client'
import { ActionIcon, Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Check, ChevronLeft, ChevronRight, Minus, X } from 'lucide-react'
import { useEffect } from 'react'
import { FLIP_KINDS, type FlipKind } from '#src/core/evaluations/matrix-kinds.ts'
import type { MatrixCellDetail, MatrixItems } from '#src/protocol/matrix.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './panel.module.css'
import { FLIP_WORDS, panelMarkdown, verdictWord } from './panel-words.ts'

const PAGE = 20
/** Further checkpoints that are read beside the two. */
const BESIDE_MAX = 6

export interface FlippedItemsProps {
  workspace: string
  project: string
  checkpoint: string
  variant: string
  benchmark: string
  baseline: string
  flip: FlipKind | null
  item: number
  onFlip: (flip: FlipKind) => void
  onItem: (item: number) => void
  detail: MatrixCellDetail
  /** The steps and the copy button stand below the item; else they stick to the foot of a panel. */
  isFootStill?: boolean
}

/** How the verdicts of the items changed, and one of them at a time with what every checkpoint answered. J and K step through them. */
export function FlippedItems(props: FlippedItemsProps) {
  const { detail } = props
  const { flips } = detail
  if (!flips)
    return (
      <>
        {detail.flips_note && detail.before && detail.state !== 'not_comparable' ? (
          <p className={styles.quiet}>{detail.flips_note}</p>
        ) : null}
        <Foot {...props} total={0} text={panelMarkdown(detail, 'lost', null, addressNow())} />
      </>
    )
  const flip = props.flip ?? FLIP_KINDS.find((kind) => flips[kind] > 0) ?? 'lost'
  const n = flips.lost + flips.gained + flips.kept_right + flips.kept_wrong
  return (
    <>
      <div
        className={styles.bar}
        role="img"
        aria-label={FLIP_KINDS.map((kind) => `${flips[kind]} ${FLIP_WORDS[kind].toLowerCase()}`).join(', ')}
      >
        {FLIP_KINDS.filter((kind) => flips[kind] > 0).map((kind) => (
          <span key={kind} data-flip={kind} style={{ flexGrow: flips[kind] }}>
            {flips[kind] / n > 0.16
              ? `${flips[kind]} ${FLIP_WORDS[kind].toLowerCase()}`
              : flips[kind] / n > 0.06
                ? flips[kind]
                : ''}
          </span>
        ))}
      </div>
      <div className={styles.tabs} role="tablist" aria-label="Items by what became of them">
        {FLIP_KINDS.map((kind) => (
          <button key={kind} type="button" role="tab" aria-selected={kind === flip} onClick={() => props.onFlip(kind)}>
            {FLIP_WORDS[kind]} {flips[kind]}
          </button>
        ))}
      </div>
      <Items {...props} flip={flip} total={flips[flip]} />
    </>
  )
}

function Items(props: FlippedItemsProps & { flip: FlipKind; total: number }) {
  const { workspace, project, checkpoint, variant, benchmark, baseline, detail, flip, total, onItem } = props
  const at = Math.min(Math.max(0, props.item), Math.max(0, total - 1))
  const beside = detail.beside.slice(0, BESIDE_MAX)
  const from = Math.floor(at / PAGE) * PAGE
  const trpc = useTRPC()
  const page = useQuery(
    trpc.evaluations.flippedItems.queryOptions(
      {
        ...{ workspace, project, checkpoint, variant, benchmark, baseline, flip, from, count: PAGE },
        ...(beside.length > 0 && { beside: beside.map((other) => other.checkpoint.id).join(',') }),
      },
      { enabled: total > 0, placeholderData: keepPreviousData },
    ),
  )
  useEffect(() => {
    const step = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, [contenteditable]')) return
      if (event.key === 'j' && at + 1 < total) onItem(at + 1)
      if (event.key === 'k' && at > 0) onItem(at - 1)
    }
    document.addEventListener('keydown', step)
    return () => document.removeEventListener('keydown', step)
  }, [at, total, onItem])
  const item = page.data?.from === from ? page.data.items[at - from] : undefined
  const sides = sidesOf(detail)
  const names = sides.map((side) => side.name)
  return (
    <>
      <div role="tabpanel" aria-label={`${FLIP_WORDS[flip]} items`}>
        {total === 0 ? (
          <p className={styles.quiet}>No item was {FLIP_WORDS[flip].toLowerCase()}.</p>
        ) : page.isError ? (
          <Problem what="The items" error={page.error} retry={() => void page.refetch()} />
        ) : item ? (
          <Item item={item} sides={sides} />
        ) : (
          <Skeleton height={180} mt={12} />
        )}
      </div>
      <Foot
        {...props}
        total={total}
        item={at}
        text={panelMarkdown(detail, flip, item ? { item, names, place: `${at + 1} of ${total}` } : null, addressNow())}
      />
    </>
  )
}

interface Side {
  name: string
  kind: MatrixCellDetail['after']['experiment']['stage_kind']
  relation: string
}

/** Whose answers stand below each other: the baseline's, the checkpoint's, then those beside them. */
function sidesOf({ before, after, beside, stages_back }: MatrixCellDetail): Side[] {
  const relation = stages_back === 1 ? 'parent' : 'baseline'
  return [
    ...(before ? [{ name: before.experiment.name, kind: before.experiment.stage_kind, relation }] : []),
    { name: after.experiment.name, kind: after.experiment.stage_kind, relation: 'this checkpoint' },
    ...beside.slice(0, BESIDE_MAX).map((other) => ({
      name: other.experiment.name,
      kind: other.experiment.stage_kind,
      relation: other.relation === 'path' ? 'earlier stage' : other.relation === 'child' ? 'continues it' : 'sibling',
    })),
  ]
}

function Item({ item, sides }: { item: MatrixItems['items'][number]; sides: readonly Side[] }) {
  const tags = Object.entries(item.tags)
  return (
    <div className={styles.item} aria-live="polite">
      <p className={styles.prompt}>
        {item.prompt ?? <span className="ink-3">The prompt was not kept: {item.id}</span>}
      </p>
      <p className={styles.expected}>
        {item.expected === null ? null : <span>Expected: {item.expected}</span>}
        {tags.length > 0 ? <span>{tags.map(([key, value]) => `${key} ${value}`).join(' · ')}</span> : null}
      </p>
      <ul>
        {sides.map((side, i) => {
          const answer = item.answers[i]
          if (!answer) return null
          const Verdict = answer.score === 1 ? Check : answer.score === 0 ? X : Minus
          return (
            <li key={`${side.name} ${side.relation}`}>
              <div className={styles.side}>
                <StageIcon kind={side.kind} size={18} label />
                <b>{side.name}</b>
                <small>{side.relation}</small>
                <span className={styles.verdict} data-wrong={answer.score === 0 || undefined}>
                  <Verdict size={14} strokeWidth={1.75} aria-hidden /> {verdictWord(answer.score)}
                </span>
              </div>
              <pre className={styles.output} data-wrong={answer.score === 0 || undefined}>
                {answer.output === null ? (
                  <span className="ink-3">not kept</span>
                ) : (
                  answer.output || <span className="ink-3">empty</span>
                )}
              </pre>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Foot(props: {
  total: number
  item: number
  onItem: (item: number) => void
  text: string
  isFootStill?: boolean
}) {
  const { total, item, onItem, text } = props
  return (
    <div className={styles.foot} data-still={props.isFootStill || undefined}>
      {total > 1 ? (
        <>
          <Step label="Previous item" isOff={item === 0} onClick={() => onItem(item - 1)}>
            <ChevronLeft size={16} strokeWidth={1.75} aria-hidden />
          </Step>
          <Step label="Next item" isOff={item + 1 >= total} onClick={() => onItem(item + 1)}>
            <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
          </Step>
          <span className={styles.place}>
            {item + 1} of {total} <kbd>J</kbd> <kbd>K</kbd>
          </span>
        </>
      ) : null}
      <span className={styles.copy}>
        <CopyButton text={text} label="Copy as Markdown" />
      </span>
    </div>
  )
}

function Step(props: { label: string; isOff: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <ActionIcon
      variant="default"
      size={30}
      aria-label={props.isOff ? `${props.label}: there is none` : props.label}
      aria-disabled={props.isOff}
      data-disabled={props.isOff || undefined}
      onClick={() => {
        if (!props.isOff) props.onClick()
      }}
    >
      {props.children}
    </ActionIcon>
  )
}

const addressNow = (): string => (typeof window === 'undefined' ? '' : window.location.href)
