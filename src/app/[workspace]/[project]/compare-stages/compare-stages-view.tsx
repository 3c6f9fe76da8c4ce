'use client'
import { Button, Switch } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsArrayOf, parseAsBoolean, parseAsString, useQueryStates } from 'nuqs'
import { entryText } from '#src/core/comparisons/entries.ts'
import { COMPARED_MAX, COMPARED_MIN } from '#src/core/comparisons/stage-rows.ts'
import type { StageComparison } from '#src/protocol/comparisons.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { paths } from '#src/ui/paths.ts'
import { GainAgainstLoss } from '#src/ui/side-by-side/gain-against-loss.tsx'
import styles from '#src/ui/side-by-side/side-by-side.module.css'
import { stageSides } from '#src/ui/side-by-side/sides.ts'
import { SidesTable } from '#src/ui/side-by-side/sides-table.tsx'
import { hiddenCount, sidesText } from '#src/ui/side-by-side/sides-text.ts'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { AddStage } from './add-stage.tsx'
import { stageKey } from './stage-key.ts'

/** What a link to this page carries. */
const VIEW = {
  stages: parseAsArrayOf(parseAsString).withDefault([]),
  baseline: parseAsString,
  all: parseAsBoolean.withDefault(false),
  x: parseAsString,
  y: parseAsString,
}
const WORDS = Object.keys(VIEW)

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
      <UnknownParts known={WORDS} />
      <Answer
        query={answer}
        what="The comparison"
        heading="Compare stages"
        loading={<LoadingRows rows={16} height={26} />}
      >
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
  const sides = stageSides(
    workspace,
    comparison,
    (stage) => stageKey(stage, project),
    (kind) => STAGE_LOOKS[kind].short,
  )
  const text = sidesText(sides, !view.all)
  const hidden = hiddenCount(sides, !view.all)
  const takeOut = (at: number) =>
    void set({
      stages: keys.filter((_, i) => i !== at),
      baseline: at === base ? null : (keys[base] ?? null),
    })
  return (
    <>
      <PageHead title="Compare stages" sentence={sentenceOf(comparison)}>
        <Button
          component={Link}
          href={paths.newComparison(workspace, comparison.stages.map(entryOf), {
            baseline: comparison.stages[base] && entryOf(comparison.stages[base]),
          })}
        >
          With configs and charts
        </Button>
      </PageHead>
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
          <SidesTable
            workspace={workspace}
            label="Stages side by side"
            corner={`${keys.length} stages`}
            sides={sides}
            differencesOnly={!view.all}
            onPin={(at) => void set({ stages: keys, baseline: keys[at] ?? null })}
            onRemove={keys.length > COMPARED_MIN ? takeOut : null}
          />
        </div>
        <GainAgainstLoss
          name={`${project}-stages`}
          className={styles.right ?? ''}
          sides={sides}
          text={text}
          axes={view}
          onAxis={(axis) => void set(axis)}
        />
      </div>
    </>
  )
}

const entryOf = ({ experiment }: StageComparison['stages'][number]): string =>
  entryText({ kind: 'stage', project: experiment.project, stage: String(experiment.number) })

/** The readings in one sentence: numbers before adjectives. */
function sentenceOf({ stages, readings }: StageComparison): string {
  const told = readings.flatMap((reading, i) => (reading ? [`${stages[i]?.experiment.name}: ${reading.title}`] : []))
  return told.slice(0, 2).join('; ') + (told.length > 2 ? `; ${told.length - 2} more` : '')
}
