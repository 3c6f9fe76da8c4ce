'use client'
import { Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useMemo, useRef } from 'react'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import type { Capability } from '#src/protocol/capability.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import styles from './capability.module.css'
import { ADDRESS } from './capability-address.ts'
import { axisWords, isDrawable, missingWords } from './capability-axes.ts'
import { CapabilityControls } from './capability-controls.tsx'
import { CapabilityDrawing } from './capability-drawing.tsx'
import { capabilityTable, lossBreaks, pointsShown, sentenceOf } from './capability-words.ts'
import { usualColumns } from './prepare-capability.ts'
import { TargetReached } from './target-reached.tsx'

const LANES_USUAL = 6
const DRAWING_HEIGHT = 620

interface Place {
  workspace: string
  project: string
}

/** How benchmarks, drift and training loss went along one path, on one axis over all of its stages. */
export function CapabilityView(place: Place) {
  const [view] = useQueryStates(ADDRESS)
  const trpc = useTRPC()
  const input = { ...place, ...(view.path === null ? {} : { leaf: view.path }) }
  const answer = useQuery(
    trpc.lineage.capability.queryOptions(input, { refetchInterval: POLL_IDLE_MS, placeholderData: (before) => before }),
  )
  useRefreshOnNews({ ...place, runs: 'all', what: ['state'], enabled: true, everyMs: POLL_LIVE_MS }, () =>
    answer.refetch({ cancelRefetch: false }),
  )
  return (
    <Page>
      <Answer query={answer} what="The path" heading="Capability" loading={<Loading />}>
        {(data) => (data.stages.length === 0 ? <NoStage {...place} /> : <Shown {...place} data={data} />)}
      </Answer>
    </Page>
  )
}

const WORDS = Object.keys(ADDRESS)

function Shown({ workspace, project, data }: Place & { data: Capability }) {
  const [view, set] = useQueryStates(ADDRESS)
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => {
    const named = (view.show ?? []).map((slug) => data.benchmarks.findIndex((b) => b.slug === slug))
    const found = named.filter((column) => column >= 0)
    return view.show === null ? usualColumns(data, LANES_USUAL) : found
  }, [data, view.show])
  const choice = { columns, axis: view.x, against: view.against, unit: view.unit }
  const table = capabilityTable(data, choice)
  const smoothing: Smoothing | null = view.smooth > 0 && view.smooth < 1 ? { kind: 'ema', amount: view.smooth } : null
  const hrefOf = (point: Capability['points'][number]) => paths.checkpoint(workspace, point.checkpoint.id)
  const rows = pointsShown(data, choice)
  return (
    <>
      <PageHead title="Capability" sentence={sentenceOf(data)} />
      <UnknownParts known={WORDS} />
      <CapabilityControls
        data={data}
        columns={columns}
        end={
          <PictureMenu
            name={`${project}-capability`}
            table={table}
            drawing={drawing}
            request={{
              path: `/projects/${encodeURIComponent(project)}/capability`,
              query: data.leaf === null ? {} : { leaf: String(data.leaf) },
            }}
          />
        }
      />
      {data.goes_on_from ? (
        <p className={styles.note}>
          The path goes on from{' '}
          <Link className="link" href={paths.stage(workspace, data.goes_on_from.project, data.goes_on_from.number)}>
            {data.goes_on_from.name} of {data.goes_on_from.project}
          </Link>
          , whose own curves are there. FLOPs, wall time and steps are counted from {data.stages[0]?.experiment.name}{' '}
          on.
        </p>
      ) : null}
      {data.benchmarks.length === 0 ? <NothingMeasured /> : null}
      {isDrawable(data.stages, view.x) ? (
        <div ref={ref}>
          <div ref={drawing}>
            {width === 0 ? (
              <Skeleton height={DRAWING_HEIGHT} />
            ) : (
              <CapabilityDrawing
                workspace={workspace}
                project={project}
                data={data}
                {...choice}
                smoothing={smoothing}
                zoom={view.part}
                onZoom={(part) => void set({ part })}
                target={view.goal !== null && view.target !== null ? { slug: view.goal, score: view.target } : null}
                width={width}
                hrefOf={hrefOf}
              />
            )}
          </div>
        </div>
      ) : (
        <NotOnAxis workspace={workspace} project={project} data={data} axis={view.x} />
      )}
      <Notes data={data} axis={view.x} />
      {data.benchmarks.length > 0 ? (
        <>
          <TargetReached workspace={workspace} project={project} data={data} />
          <Section title="The same numbers" note={table.notes[0]}>
            <PublishedTableView
              label={table.title}
              table={table.table}
              hrefOf={(row) => (rows[row] ? hrefOf(rows[row]) : null)}
            />
          </Section>
        </>
      ) : null}
    </>
  )
}

type Axis = Parameters<typeof missingWords>[1]

/** What a reader must know of the drawing: where curves part, and which stages have no place on the axis. */
function Notes({ data, axis }: { data: Capability; axis: Axis }) {
  const breaks = lossBreaks(data)
  const missing = isDrawable(data.stages, axis) ? missingWords(data.stages, axis) : []
  return (
    <>
      {breaks.length > 0 ? (
        <p className={styles.note}>
          The training loss is no single curve: a new one begins at {breaks.join(', ')}. Scores are joined only under
          one protocol; short stages are drawn wider than their share of the axis.
        </p>
      ) : null}
      {missing.length > 0 ? (
        <p className={styles.note}>
          Not to scale over {axisWords(axis, data.device_kind)}: {missing.join('; ')}.
        </p>
      ) : null}
    </>
  )
}

/** No stage has a place on the axis: what is missing of each, and where it is told. */
function NotOnAxis({ workspace, project, data, axis }: Place & { data: Capability; axis: Axis }) {
  const first = data.stages.find((stage) => stage.axes[axis].why !== null)
  return (
    <Empty
      title={`No stage of this path can be placed over ${axisWords(axis, data.device_kind)}`}
      text={`${missingWords(data.stages, axis).join('; ')}.`}
    >
      {first ? (
        <Link className="link" href={paths.stage(workspace, project, first.experiment.number)}>
          What {first.experiment.name} tells of itself
        </Link>
      ) : null}
    </Empty>
  )
}

const NothingMeasured = () => (
  <Empty
    title="No checkpoint of this path was evaluated"
    text="Scores of its checkpoints appear here as lanes below the training loss, on the same axis."
  >
    <CodeBlock
      label="From Python, after a checkpoint was saved:"
      text={'run.log_eval("benchmark", score=0.81, n=128, metric="accuracy", checkpoint=checkpoint)'}
    />
  </Empty>
)

const NoStage = ({ workspace, project }: Place) => (
  <>
    <PageHead title="Capability" sentence="No stage has begun" />
    <Empty
      title="No stage has begun"
      text="Once a stage has a run or a checkpoint, its loss and its scores are drawn here over the tokens that its weights have seen."
    >
      <Link className="link" href={paths.lineage(workspace, project)}>
        Begin with a stage
      </Link>
    </Empty>
  </>
)

const Loading = () => (
  <>
    <PageHead title="Capability" sentence={<Skeleton height={20} width={320} />} />
    <Skeleton height={DRAWING_HEIGHT} />
  </>
)
