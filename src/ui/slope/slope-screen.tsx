'use client'
import { Checkbox, SegmentedControl, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { type ReactNode, useRef, useState } from 'react'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import matrixStyles from '#src/ui/matrix/matrix.module.css'
import type { MatrixModel } from '#src/ui/matrix/matrix-model.ts'
import { NothingMeasured } from '#src/ui/matrix/nothing-measured.tsx'
import { PathPicker, SiblingsPicker } from '#src/ui/matrix/path-picker.tsx'
import { useMatrix } from '#src/ui/matrix/use-matrix.ts'
import { cellName, useMatrixState } from '#src/ui/matrix/view-state.ts'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { prepareSlope, SLOPE_SCALES, type Slope, type SlopeLine, type SlopeStop } from './prepare-slope.ts'
import styles from './slope.module.css'
import { SLOPE_VIEW } from './slope-address.ts'
import { NormalisedSlope, RawSlopes } from './slope-drawing.tsx'
import { notesOf, sentenceOf, slopeTable, wayWords } from './slope-words.ts'

interface Place {
  workspace: string
  project: string
}

/** Each benchmark's way through the stages of a path, with the branches at one fork. */
export function SlopeScreen(props: Place & { title: string; actions: ReactNode; notice: ReactNode }) {
  const [state] = useMatrixState()
  const place = { workspace: props.workspace, project: props.project }
  const siblings = state.siblings === 'none' ? 'none' : Number(state.siblings)
  const { query, model } = useMatrix(
    place,
    {
      set: 'path',
      baseline: 'parent',
      ...(state.leaf !== null && { leaf: state.leaf }),
      ...(state.siblings !== null && { siblings }),
    },
    0,
  )
  return (
    <Page>
      {props.notice}
      <Answer
        query={query}
        what="The retention of the path"
        loading={
          <>
            <PageHead title={props.title}>{props.actions}</PageHead>
            <Skeleton height={500} />
          </>
        }
      >
        {(matrix) =>
          model && matrix.rows.length > 0 && matrix.total > 0 ? (
            <Shown {...props} model={model} />
          ) : (
            <>
              <PageHead title={props.title}>{props.actions}</PageHead>
              <NothingMeasured matrix={matrix}>
                Retention needs a benchmark measured on two stages of one path.{' '}
                <Link className="link" href={paths.lineage(place.workspace, place.project)}>
                  See the lineage
                </Link>
              </NothingMeasured>
            </>
          )
        }
      </Answer>
    </Page>
  )
}

function Shown(props: Place & { title: string; actions: ReactNode; model: MatrixModel }) {
  const { workspace, project, model } = props
  const [state, setState] = useMatrixState()
  const [view, set] = useQueryStates(SLOPE_VIEW)
  const [pointed, setPointed] = useState<string | null>(null)
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  const stages = model.first.stages ?? []
  const slope = prepareSlope(model, stages, { scale: view.scale, onlyWhole: view.whole })
  const table = slopeTable(slope, view.scale)
  const lit = pointed ?? view.benchmark
  const line = slope.lines.find(({ benchmark }) => benchmark.slug === lit)
  const hrefOf = ({ benchmark }: SlopeLine, stop: SlopeStop) => {
    const id = model.columns[stop.column]?.checkpoint?.id
    const stage = paths.retention(workspace, project)
    const leaf = state.leaf === null ? '' : `&leaf=${state.leaf}`
    return id === undefined ? stage : `${stage}?cell=${encodeURIComponent(cellName(id, '', benchmark.slug))}${leaf}`
  }
  const Drawing = view.scale === 'normalised' ? NormalisedSlope : RawSlopes
  return (
    <>
      <PageHead title={props.title} sentence={sentenceOf(slope)}>
        {props.actions}
        <PictureMenu name={`${project}-slope`} table={table} drawing={drawing} />
      </PageHead>
      <div className={matrixStyles.controls}>
        {model.first.leaf === null ? null : (
          <>
            <PathPicker
              stages={stages}
              leaf={model.first.leaf}
              onLeaf={(leaf) => void setState({ leaf, siblings: null }, { history: 'push' })}
            />
            <SiblingsPicker
              matrix={model.first}
              stages={stages}
              leaf={model.first.leaf}
              onSiblings={(fork) => void setState({ siblings: fork })}
            />
          </>
        )}
        <span className={matrixStyles.spring} />
        <SegmentedControl
          aria-label="Scale"
          value={view.scale}
          onChange={(value) => void set({ scale: SLOPE_SCALES.find((one) => one === value) ?? 'normalised' })}
          data={[
            { value: 'normalised', label: 'Normalised' },
            { value: 'raw', label: 'Raw' },
          ]}
        />
        <Checkbox
          size="xs"
          label="Only on every stage"
          checked={view.whole}
          onChange={(event) => void set({ whole: event.currentTarget.checked })}
        />
      </div>
      <div ref={ref}>
        <div ref={drawing}>
          {width === 0 ? (
            <Skeleton height={460} />
          ) : slope.lines.length === 0 ? (
            <NoLine slope={slope} isWhole={view.whole} onAll={() => void set({ whole: null, scale: 'raw' })} />
          ) : (
            <Drawing
              slope={slope}
              width={width}
              lit={lit}
              onLight={setPointed}
              onPick={(slug) => void set({ benchmark: slug === view.benchmark ? null : slug })}
              hrefOf={hrefOf}
            />
          )}
        </div>
      </div>
      {slope.lines.length > 0 ? (
        <>
          <p className={styles.way} aria-live="polite">
            {line ? (
              <>
                <b>{line.benchmark.name}</b>: {wayWords(line).join('; ')}
              </>
            ) : (
              'Point at a line or choose its name to read its way.'
            )}
          </p>
          <p className={styles.note}>{notesOf(slope, view.scale).join(' ')}</p>
          <Section title="The same numbers">
            <PublishedTableView label={table.title} table={table.table} />
          </Section>
        </>
      ) : null}
    </>
  )
}

function NoLine({ slope, isWhole, onAll }: { slope: Slope; isWhole: boolean; onAll: () => void }) {
  const why = slope.leftOut.map(({ name, why }) => `${name}: ${why}`).join('; ')
  return (
    <Empty
      title={
        isWhole ? 'No benchmark was measured on every stage of this path' : 'No benchmark has two stages on this axis'
      }
      text={why === '' ? 'No stage of this path was measured.' : `${why}.`}
    >
      {slope.leftOut.length > 0 ? (
        <button type="button" className="link" onClick={onAll}>
          Show raw scores of all
        </button>
      ) : null}
    </Empty>
  )
}
