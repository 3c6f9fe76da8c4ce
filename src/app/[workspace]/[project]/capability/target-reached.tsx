'use client'
import { useDebouncedCallback } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import type { Capability } from '#src/protocol/capability.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './capability.module.css'
import { ADDRESS } from './capability-address.ts'
import { targetSentence, targetTable } from './target-words.ts'

/** A pause in typing after which the score is asked for, ms. */
const TYPED_MS = 400

/** After how many tokens each stage reached a score that somebody names, and tokens per second beside it. */
export function TargetReached(props: { workspace: string; project: string; data: Capability }) {
  const { workspace, project, data } = props
  const [view, set] = useQueryStates(ADDRESS)
  const { benchmarks } = data
  const goal = benchmarks.find((b) => b.slug === view.goal) ?? benchmarks.find((b) => b.is_target) ?? benchmarks[0]
  if (!goal) return null
  return (
    <Section
      title="Tokens to a target"
      note="each stage of the project; speed stands apart"
      actions={
        <span className={styles.part}>
          <Select
            aria-label="Benchmark of the target"
            w={190}
            value={goal.slug}
            data={benchmarks.map(({ slug, name }) => ({ value: slug, label: name }))}
            // A score on one scale says nothing on another.
            onChange={(slug) => void set({ goal: slug, target: null })}
          />
          <ScoreInput
            key={goal.slug}
            score={view.target}
            onChange={(target) => void set({ goal: goal.slug, target })}
          />
        </span>
      }
    >
      {view.target === null ? (
        <p className={styles.note}>
          Name a score of {goal.name} {goal.higher_is_better ? 'to reach' : 'to fall to'}; this table says after how
          many tokens each stage was there.
          {suggestion(data, goal)}
        </p>
      ) : (
        <Rows workspace={workspace} project={project} benchmark={goal.slug} target={view.target} />
      )}
    </Section>
  )
}

/** The range that was measured on the path, so that a person knows which scores mean something. */
function suggestion(data: Capability, goal: Capability['benchmarks'][number]): string {
  const column = data.benchmarks.indexOf(goal)
  const scores = data.points.flatMap(({ cells }) => cells[column]?.score ?? [])
  if (scores.length === 0) return ''
  return ` On this path it went from ${scoreWords(Math.min(...scores), goal)} to ${scoreWords(Math.max(...scores), goal)}.`
}

function ScoreInput({ score, onChange }: { score: number | null; onChange: (score: number | null) => void }) {
  const [typed, setTyped] = useState<number | string>(score ?? '')
  const tell = useDebouncedCallback(onChange, TYPED_MS)
  return (
    <NumberInput
      aria-label="Target score"
      placeholder="Score"
      w={96}
      size="xs"
      hideControls
      decimalScale={6}
      value={typed}
      onChange={(value) => {
        setTyped(value)
        tell(typeof value === 'number' && Number.isFinite(value) ? value : null)
      }}
    />
  )
}

function Rows(props: { workspace: string; project: string; benchmark: string; target: number }) {
  const trpc = useTRPC()
  const found = useQuery({
    ...trpc.lineage.targetReached.queryOptions(props),
    placeholderData: keepPreviousData,
  })
  if (found.error) return <Problem what="The target" error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <LoadingRows rows={5} height={26} />
  const table = targetTable(found.data)
  return (
    <>
      <p className={styles.note}>{targetSentence(found.data)}</p>
      <PublishedTableView
        label={table.title}
        table={table.table}
        hrefOf={(row) => {
          const stage = found.data.stages[row]?.experiment
          return stage ? paths.stage(props.workspace, stage.project, stage.number) : null
        }}
      />
      <div className={styles.foot}>
        <p className={styles.note}>{found.data.convention}</p>
        <PictureMenu
          name={`${props.project}-tokens-to-target`}
          table={table}
          request={{
            path: `/projects/${encodeURIComponent(props.project)}/tokens-to-target`,
            query: { benchmark: props.benchmark, target: String(props.target) },
          }}
        />
      </div>
    </>
  )
}
