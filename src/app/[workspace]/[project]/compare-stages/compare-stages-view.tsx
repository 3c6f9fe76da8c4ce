'use client'
import { Select, Switch } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsArrayOf, parseAsBoolean, parseAsString, useQueryStates } from 'nuqs'
import { useRef } from 'react'
import { COMPARED_MAX, COMPARED_MIN } from '#src/core/comparisons/stage-rows.ts'
import type { StageComparison } from '#src/protocol/comparisons.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { AddStage } from './add-stage.tsx'
import styles from './compare-stages.module.css'
import { comparisonText, hiddenCount } from './comparison-text.ts'
import { GainLossDrawing } from './gain-loss.tsx'
import { axisChoices, gainLossNotes, prepareGainLoss } from './prepare-gain-loss.ts'
import { stageKey } from './stage-key.ts'
import { StageTable } from './stage-table.tsx'

const CHART_HEIGHT = 300

/** What a link to this page carries. */
const VIEW = {
  stages: parseAsArrayOf(parseAsString).withDefault([]),
  baseline: parseAsString,
  all: parseAsBoolean.withDefault(false),
  x: parseAsString,
  y: parseAsString,
}

interface Place {
  workspace: string
  project: string
}

/** Two to five stages side by side in three groups: how they were made, what they cost, and what came of it. */
export function CompareStagesView(place: Place) {
  const [view] = useQueryStates(VIEW)
  const trpc = useTRPC()
  const input = { ...place, stages: view.stages, ...(view.baseline !== null && { baseline: view.baseline }) }
  const answer = useQuery(
    trpc.comparisons.stages.queryOptions(input, { refetchInterval: POLL_IDLE_MS, placeholderData: keepPreviousData }),
  )
  return (
    <Page>
      <Answer query={answer} what="The comparison" loading={<LoadingRows rows={16} height={26} />}>
        {(data) =>
          data.stages.length === 0 ? <NothingToCompare {...place} /> : <Shown {...place} comparison={data} />
        }
      </Answer>
    </Page>
  )
}

function NothingToCompare({ workspace, project }: Place) {
  return (
    <>
      <PageHead title="Compare stages" />
      <Empty
        title="No two stages to compare yet"
        text="A comparison sets stages that start from one checkpoint side by side, or a stage beside its parent."
      >
        <Link className="link" href={paths.lineage(workspace, project)}>
          Add stages in the lineage
        </Link>
      </Empty>
    </>
  )
}

function Shown({ workspace, project, comparison }: Place & { comparison: StageComparison }) {
  const [view, set] = useQueryStates(VIEW)
  const keys = comparison.stages.map(({ experiment }) => stageKey(experiment, project))
  const base = comparison.stages.findIndex((stage) => stage.is_baseline)
  const text = comparisonText(comparison, !view.all)
  const hidden = hiddenCount(comparison, !view.all)
  const takeOut = (at: number) =>
    void set({
      stages: keys.filter((_, i) => i !== at),
      baseline: at === base ? null : (keys[base] ?? null),
    })
  return (
    <>
      <PageHead title="Compare stages" sentence={sentenceOf(comparison)} />
      <div className={styles.controls}>
        <Select
          aria-label="Baseline"
          w={220}
          value={keys[base] ?? null}
          data={comparison.stages.map(({ experiment }, i) => ({
            value: keys[i] ?? '',
            label: `Baseline ${experiment.name}`,
          }))}
          onChange={(baseline) => void set({ stages: keys, baseline })}
        />
        <Switch
          size="xs"
          label={
            hidden > 0 ? `Differences only, ${hidden} ${hidden === 1 ? 'row' : 'rows'} hidden` : 'Differences only'
          }
          checked={!view.all}
          onChange={(event) => void set({ all: !event.currentTarget.checked })}
        />
        {keys.length < COMPARED_MAX ? (
          <AddStage
            workspace={workspace}
            project={project}
            own={comparison.choices}
            taken={keys}
            onAdd={(key) => void set({ stages: [...keys, key], baseline: keys[base] ?? null })}
          />
        ) : (
          <span className={styles.full}>{COMPARED_MAX} stages, the most that fit side by side</span>
        )}
        <span className={styles.end}>
          <PictureMenu
            name={`${project}-stages`}
            table={text}
            request={{
              path: `/projects/${encodeURIComponent(project)}/compare-stages`,
              query: { stages: keys.join(','), ...(keys[base] !== undefined && { baseline: keys[base] }) },
            }}
          />
        </span>
      </div>
      <div className={styles.columns}>
        <div className={styles.left}>
          <StageTable
            workspace={workspace}
            comparison={comparison}
            differencesOnly={!view.all}
            onPin={(at) => void set({ stages: keys, baseline: keys[at] ?? null })}
            onRemove={keys.length > COMPARED_MIN ? takeOut : null}
          />
        </div>
        <GainAgainstLoss project={project} comparison={comparison} text={text} />
      </div>
    </>
  )
}

/** The readings in one sentence: numbers before adjectives. */
function sentenceOf({ stages, readings }: StageComparison): string {
  const told = readings.flatMap((reading, i) => (reading ? [`${stages[i]?.experiment.name}: ${reading.title}`] : []))
  return told.slice(0, 2).join('; ') + (told.length > 2 ? `; ${told.length - 2} more` : '')
}

function GainAgainstLoss(props: {
  project: string
  comparison: StageComparison
  text: ReturnType<typeof comparisonText>
}) {
  const { project, comparison, text } = props
  const [view, set] = useQueryStates(VIEW)
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  const chart = prepareGainLoss(comparison, view)
  const choices = (word: string, without: string) =>
    axisChoices(comparison)
      .filter(({ benchmark }) => benchmark.slug !== without)
      .map(({ benchmark }) => ({ value: benchmark.slug, label: `${word}: ${benchmark.name}` }))
  const notes = chart ? gainLossNotes(chart) : []
  return (
    <Section
      title="Gain against loss"
      note="up and right is better"
      className={styles.right}
      actions={
        chart ? (
          <PictureMenu
            name={`${project}-gain-against-loss`}
            table={{ ...text, title: `Gain against loss: ${text.title}`, notes }}
            drawing={drawing}
          />
        ) : null
      }
    >
      {chart ? (
        <>
          <div className={styles.axes}>
            <Select
              aria-label="Up: what was lost"
              value={chart.y.benchmark.slug}
              data={choices('Up', chart.x.benchmark.slug)}
              onChange={(y) => void set({ y })}
            />
            <Select
              aria-label="Across: what was gained"
              value={chart.x.benchmark.slug}
              data={choices('Across', chart.y.benchmark.slug)}
              onChange={(x) => void set({ x })}
            />
          </div>
          <div ref={ref}>
            <div ref={drawing} style={{ minHeight: CHART_HEIGHT }}>
              {width > 0 ? <GainLossDrawing chart={chart} width={width} height={CHART_HEIGHT} /> : null}
            </div>
          </div>
          {notes.map((note) => (
            <p key={note} className={styles.note}>
              {note}
            </p>
          ))}
        </>
      ) : (
        <p className={styles.note}>
          The chart needs two benchmarks that at least two of these stages were measured on; run.log_eval(…) reports
          them.
        </p>
      )}
    </Section>
  )
}
