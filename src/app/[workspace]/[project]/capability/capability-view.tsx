'use client'
import { Button, Menu, SegmentedControl, Select, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Square, SquareCheck } from 'lucide-react'
import Link from 'next/link'
import { parseAsArrayOf, parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
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
import styles from './capability.module.css'
import { CapabilityDrawing } from './capability-drawing.tsx'
import { capabilityTable, lossBreaks, sentenceOf } from './capability-words.ts'
import { AGAINST, AXES, usualColumns } from './prepare-capability.ts'

const LANES_USUAL = 6
const DRAWING_HEIGHT = 620
const SMOOTHINGS = [0, 0.8, 0.9, 0.95, 0.98, 0.99]

/** What a link to this page carries. */
const VIEW = {
  path: parseAsInteger,
  x: parseAsStringLiteral(AXES).withDefault('tokens'),
  against: parseAsStringLiteral(AGAINST).withDefault('score'),
  show: parseAsArrayOf(parseAsString),
  smooth: parseAsFloat.withDefault(0.9),
}

interface Place {
  workspace: string
  project: string
}

/** How benchmarks, drift and training loss went along one path, on one axis over all of its stages. */
export function CapabilityView(place: Place) {
  const [view] = useQueryStates(VIEW)
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
      <Answer query={answer} what="The path" loading={<Loading />}>
        {(data) => (data.stages.length === 0 ? <NoStage {...place} /> : <Shown {...place} data={data} />)}
      </Answer>
    </Page>
  )
}

function Shown({ workspace, project, data }: Place & { data: Capability }) {
  const [view, set] = useQueryStates(VIEW)
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => {
    const named = (view.show ?? []).map((slug) => data.benchmarks.findIndex((b) => b.slug === slug))
    const found = named.filter((column) => column >= 0)
    return view.show === null ? usualColumns(data, LANES_USUAL) : found
  }, [data, view.show])
  const choice = { columns, axis: view.x, against: view.against }
  const table = capabilityTable(data, choice)
  const smoothing: Smoothing | null = view.smooth > 0 && view.smooth < 1 ? { kind: 'ema', amount: view.smooth } : null
  const hrefOf = (point: Capability['points'][number]) => {
    const stage = data.stages[point.stage]?.experiment
    return stage ? paths.stage(workspace, stage.project, stage.number) : paths.evaluations(workspace, project)
  }
  const breaks = lossBreaks(data)
  return (
    <>
      <PageHead title="Capability" sentence={sentenceOf(data)} />
      <div className={styles.controls}>
        <Select
          aria-label="Path to"
          className={styles.picker}
          value={data.leaf === null ? null : String(data.leaf)}
          searchable={data.ends.length > 12}
          data={data.ends.map((end) => ({ value: String(end.number), label: `Path to ${end.name}` }))}
          onChange={(value) => void set({ path: value === null ? null : Number(value) })}
        />
        <SegmentedControl
          aria-label="Show"
          value={view.against}
          onChange={(value) => void set({ against: AGAINST.find((one) => one === value) ?? 'score' })}
          data={[
            { value: 'score', label: 'Score' },
            { value: 'parent', label: 'Against parent' },
            { value: 'root', label: 'Against root' },
          ]}
        />
        <SegmentedControl
          aria-label="X axis"
          value={view.x}
          onChange={(value) => void set({ x: AXES.find((one) => one === value) ?? 'tokens' })}
          data={[
            { value: 'tokens', label: 'Tokens' },
            { value: 'device_hours', label: 'Device-hours' },
          ]}
        />
        <BenchmarkMenu data={data} columns={columns} onChange={(show) => void set({ show })} />
        <Select
          aria-label="Smoothing of the loss"
          w={128}
          value={String(view.smooth)}
          data={[...new Set([...SMOOTHINGS, view.smooth])].map((amount) => ({
            value: String(amount),
            label: amount === 0 ? 'Not smoothed' : `Smoothed ${amount}`,
          }))}
          onChange={(value) => void set({ smooth: Number(value ?? 0.9) })}
        />
        <span className={styles.end}>
          <PictureMenu name={`${project}-capability`} table={table} drawing={drawing} />
        </span>
      </div>
      {data.goes_on_from ? (
        <p className={styles.note}>
          The path goes on from{' '}
          <Link className="link" href={paths.stage(workspace, data.goes_on_from.project, data.goes_on_from.number)}>
            {data.goes_on_from.name} of {data.goes_on_from.project}
          </Link>
          , whose own curves are there.
        </p>
      ) : null}
      {data.benchmarks.length === 0 ? <NothingMeasured /> : null}
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
              width={width}
              hrefOf={hrefOf}
            />
          )}
        </div>
      </div>
      {breaks.length > 0 ? (
        <p className={styles.note}>
          The training loss is no single curve: a new one begins at {breaks.join(', ')}. Scores are joined only under
          one protocol; short stages are drawn wider than their share of the axis.
        </p>
      ) : null}
      {data.benchmarks.length > 0 ? (
        <Section title="The same numbers" note={table.notes[0]}>
          <PublishedTableView label={table.title} table={table.table} />
        </Section>
      ) : null}
    </>
  )
}

function BenchmarkMenu(props: { data: Capability; columns: readonly number[]; onChange: (show: string[]) => void }) {
  const { data, columns, onChange } = props
  if (data.benchmarks.length === 0) return null
  const slugs = columns.flatMap((c) => data.benchmarks[c]?.slug ?? [])
  return (
    <Menu position="bottom-end" width={250} closeOnItemClick={false}>
      <Menu.Target>
        <Button>
          <span className="ink-3">Benchmarks&nbsp;</span> {columns.length} of {data.benchmarks.length}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {data.benchmarks.map((benchmark) => {
          const isShown = slugs.includes(benchmark.slug)
          const Mark = isShown ? SquareCheck : Square
          return (
            <Menu.CheckboxItem
              key={benchmark.slug}
              checked={isShown}
              onChange={() =>
                onChange(isShown ? slugs.filter((slug) => slug !== benchmark.slug) : [...slugs, benchmark.slug])
              }
              rightSection={<Mark size={16} strokeWidth={1.75} aria-hidden />}
              styles={{ itemIndicator: { display: 'none' } }}
            >
              {benchmark.name}
            </Menu.CheckboxItem>
          )
        })}
      </Menu.Dropdown>
    </Menu>
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
