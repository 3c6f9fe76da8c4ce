'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { BestCheckpoint } from '#src/protocol/best-checkpoint.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { DOUBTS, RULE } from './best-address.ts'
import { bestWords, keptWords, verdictWords } from './best-words.ts'
import { PinCheckpoint } from './pin-checkpoint.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

type Candidate = BestCheckpoint['candidates'][number]

/** The checkpoint that a rule chooses, with every other one and why it was not; a person may pin any. */
export function StageBest(props: StagePlace & { mayWrite: boolean }) {
  const { workspace, project, number, mayWrite } = props
  const [rule, set] = useQueryStates(RULE)
  const trpc = useTRPC()
  const found = useQuery({
    ...trpc.forgetting.bestCheckpoint.queryOptions({
      workspace,
      project,
      experiment: number,
      uncertain: rule.doubt,
      ...(rule.best !== null && { target: rule.best }),
      ...(rule.floor !== null && { floor: Math.min(1, Math.max(0, rule.floor / 100)) }),
    }),
    placeholderData: keepPreviousData,
  })
  const [pinning, setPinning] = useState<Candidate | null>(null)
  const { data } = found
  return (
    <Section
      title="Best checkpoint by a rule"
      note={data?.rule.words}
      actions={
        data && data.choices.length > 0 ? (
          <span className={styles.rule}>
            <Select
              aria-label="Target of the rule"
              placeholder="Target"
              w={180}
              value={data.target?.slug ?? null}
              data={data.choices.map(({ slug, name, is_target }) => ({
                value: slug,
                label: is_target ? `${name}, a target` : name,
              }))}
              onChange={(best) => void set({ best })}
            />
            <Select
              aria-label="Losses that the data cannot place"
              w={174}
              value={rule.doubt}
              data={[
                { value: 'allow', label: 'Uncertain: allowed' },
                { value: 'exclude', label: 'Uncertain: excluded' },
              ]}
              onChange={(value) => void set({ doubt: DOUBTS.find((one) => one === value) ?? 'allow' })}
            />
            <NumberInput
              aria-label="Least share kept, percent"
              placeholder="Floor, %"
              w={96}
              size="xs"
              hideControls
              min={0}
              max={100}
              clampBehavior="strict"
              value={rule.floor ?? ''}
              onChange={(value) => void set({ floor: typeof value === 'number' ? value : null })}
            />
          </span>
        ) : undefined
      }
    >
      {found.error ? (
        <Problem what="The rule" error={found.error} retry={() => void found.refetch()} />
      ) : !data ? (
        <LoadingRows rows={3} height={26} />
      ) : (
        <>
          <p className={styles.bestSentence}>{bestWords(data)}</p>
          {data.candidates.length > 0 ? (
            <DataTable
              label="Checkpoints by the rule"
              columns={columnsOf(props, data, mayWrite, setPinning)}
              rows={data.candidates}
              rowKey={(one) => one.checkpoint.id}
              none=""
              compact
              selected={(one) => one.checkpoint.id === data.best}
            />
          ) : null}
          {data.unjudged.length > 0 ? (
            <p className={styles.footnote}>
              Not judged, so nothing is known of them:{' '}
              {data.unjudged.map(({ name, reason }) => `${name} (${reason})`).join('; ')}.
            </p>
          ) : null}
        </>
      )}
      {pinning ? <PinCheckpoint {...props} candidate={pinning} onClose={() => setPinning(null)} /> : null}
    </Section>
  )
}

function columnsOf(
  place: StagePlace,
  data: BestCheckpoint,
  mayWrite: boolean,
  pin: (candidate: Candidate) => void,
): readonly Column<Candidate>[] {
  const digits = data.target ? digitsOf(data.target, Math.max(0, ...data.candidates.map(({ score }) => score ?? 0))) : 3
  const print = (value: number) => formatNumber(value, digits)
  const isPinned = (one: Candidate) => data.of_stage?.why === 'pinned' && data.of_stage.id === one.checkpoint.id
  return [
    {
      key: 'step',
      title: 'Checkpoint',
      head: true,
      nowrap: true,
      cell: ({ checkpoint, run }) => (
        <Link className="link" href={paths.checkpoint(place.workspace, checkpoint.id)}>
          step {formatExactCount(checkpoint.step)}
          {run === null ? '' : `, run ${run}`}
        </Link>
      ),
    },
    {
      key: 'tokens',
      title: 'Tokens',
      align: 'right',
      nowrap: true,
      cell: ({ checkpoint }) => (checkpoint.tokens === null ? 'not logged' : formatCount(checkpoint.tokens)),
    },
    {
      key: 'target',
      title: data.target?.name ?? 'Target',
      align: 'right',
      nowrap: true,
      cell: ({ score, low, high }) =>
        score === null ? (
          <i className={styles.missing} title="not measured" />
        ) : (
          <>
            {print(score)}{' '}
            <span className="ink-3">
              {low === null || high === null ? 'no interval' : `${print(low)} to ${print(high)}`}
            </span>
          </>
        ),
    },
    {
      key: 'behind',
      title: 'Against the best',
      align: 'right',
      nowrap: true,
      cell: ({ behind }) =>
        behind === null ? (
          <span className="ink-3">–</span>
        ) : (
          <>
            {formatChange(behind.change, digits)}{' '}
            <span className="ink-3">
              {behind.low === null || behind.high === null
                ? 'no interval'
                : `${formatChange(behind.low, digits)} to ${formatChange(behind.high, digits)}`}
            </span>
          </>
        ),
    },
    { key: 'kept', title: 'Kept', nowrap: true, cell: (one) => <span className="ink-2">{keptWords(one)}</span> },
    { key: 'verdict', title: 'By the rule', cell: (one) => verdictWords(one, data.best) },
    {
      key: 'pin',
      title: '',
      align: 'right',
      nowrap: true,
      cell: (one) =>
        isPinned(one) ? (
          <span className="ink-2">pinned</span>
        ) : (
          <ExplainedButton
            size="compact-xs"
            variant="subtle"
            aria-label={`Pin step ${one.checkpoint.step}`}
            why={mayWrite ? null : 'Your role here can look but not pin.'}
            onClick={() => pin(one)}
          >
            Pin
          </ExplainedButton>
        ),
    },
  ]
}
