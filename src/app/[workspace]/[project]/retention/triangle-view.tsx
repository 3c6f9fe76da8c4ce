'use client'
import { SegmentedControl, Skeleton, Switch } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { type ReactNode, useRef } from 'react'
import type { Triangle } from '#src/protocol/triangle.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import matrixStyles from '#src/ui/matrix/matrix.module.css'
import type { MatrixModel } from '#src/ui/matrix/matrix-model.ts'
import { NothingMeasured } from '#src/ui/matrix/nothing-measured.tsx'
import { PathPicker } from '#src/ui/matrix/path-picker.tsx'
import { useMatrix } from '#src/ui/matrix/use-matrix.ts'
import { cellName, useMatrixState } from '#src/ui/matrix/view-state.ts'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { type MeasureLine, MeasureTable } from './measure-table.tsx'
import styles from './triangle.module.css'
import { TRIANGLE_VIEW } from './triangle-address.ts'
import { TriangleDrawing } from './triangle-drawing.tsx'
import {
  DENOMINATORS,
  intervalWords,
  type MeasureRow,
  measureRows,
  notesOf,
  overWords,
  sentenceOf,
  triangleTable,
  valueWords,
  WINDOWS,
} from './triangle-words.ts'

interface Place {
  workspace: string
  project: string
}

/** The models of a path on the targets of its stages, with the measures of continual learning beside them. */
export function TriangleView(props: Place & { title: string; actions: ReactNode; notice: ReactNode }) {
  const { workspace, project, title, actions } = props
  const [state] = useMatrixState()
  const { query, model } = useMatrix(
    { workspace, project },
    { set: 'path', siblings: 'none', baseline: 'parent', ...(state.leaf !== null && { leaf: state.leaf }) },
    0,
  )
  return (
    <Page>
      {props.notice}
      <Answer
        query={query}
        what="The path"
        loading={
          <>
            <PageHead title={title}>{actions}</PageHead>
            <Skeleton height={420} />
          </>
        }
      >
        {(matrix) =>
          model && model.first.leaf !== null && matrix.total > 0 ? (
            <OfPath {...props} model={model} leaf={model.first.leaf} />
          ) : (
            <>
              <PageHead title={title}>{actions}</PageHead>
              <NothingMeasured matrix={matrix}>
                The triangle needs stages that aim at a benchmark and were measured on it.{' '}
                <Link className="link" href={paths.lineage(workspace, project)}>
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

function OfPath(props: Place & { title: string; actions: ReactNode; model: MatrixModel; leaf: number }) {
  const { workspace, project, title, actions, model, leaf } = props
  const trpc = useTRPC()
  const [, setState] = useMatrixState()
  const query = useQuery(trpc.forgetting.triangle.queryOptions({ workspace, project, experiment: leaf }))
  const picker = (
    <PathPicker
      stages={model.first.stages ?? []}
      leaf={leaf}
      onLeaf={(next) => void setState({ leaf: next, siblings: null }, { history: 'push' })}
    />
  )
  return (
    <Answer
      query={query}
      what="The triangle"
      loading={
        <>
          <PageHead title={title}>{actions}</PageHead>
          <div className={matrixStyles.controls}>{picker}</div>
          <LoadingRows rows={6} height={46} />
        </>
      }
    >
      {(triangle) =>
        triangle.stages.length === 0 ? (
          <>
            <PageHead title={title}>{actions}</PageHead>
            <div className={matrixStyles.controls}>{picker}</div>
            <Empty
              title="No stage of this path has a target that was measured on it"
              text="A stage's page names what it aims at, and evaluations of its checkpoint fill the diagonal."
            >
              <Link className="link" href={paths.stage(workspace, project, leaf)}>
                Name a target on the page of the last stage
              </Link>
            </Empty>
          </>
        ) : (
          <Told {...props} triangle={triangle} picker={picker} />
        )
      }
    </Answer>
  )
}

function Told(
  props: Place & { title: string; actions: ReactNode; leaf: number; triangle: Triangle; picker: ReactNode },
) {
  const { workspace, project, title, actions, leaf, triangle, picker } = props
  const [view, set] = useQueryStates(TRIANGLE_VIEW)
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  const rows = measureRows(triangle, view)
  const table = triangleTable(triangle, rows, view, view.upper)
  const hrefOf = (i: number, j: number): string | null => {
    const model = triangle.stages[i]
    const target = triangle.stages[j]?.targets[0]
    if (!model || !target) return null
    const cell = cellName(model.checkpoint.id, '', target.slug)
    return `${paths.retention(workspace, project)}?leaf=${leaf}&cell=${encodeURIComponent(cell)}`
  }
  return (
    <>
      <PageHead title={title} sentence={sentenceOf(triangle, rows)}>
        {actions}
        <PictureMenu
          name={`${project}-triangle`}
          table={table}
          drawing={drawing}
          request={{ path: `/projects/${project}/experiments/${leaf}/triangle`, query: {} }}
        />
      </PageHead>
      <div className={matrixStyles.controls}>
        {picker}
        <span className={matrixStyles.spring} />
        <SegmentedControl
          aria-label="Denominator of BWT and F"
          value={view.over}
          onChange={(value) => void set({ over: DENOMINATORS.find((one) => one === value) ?? null })}
          data={[
            { value: 'before', label: '÷ (T − 1)' },
            { value: 'all', label: '÷ T' },
          ]}
        />
        <Select
          aria-label="Window of F"
          w={224}
          value={view.window}
          data={[
            { value: 'own', label: 'F since the own stage' },
            { value: 'all', label: 'F over all earlier models' },
            { value: 'honest', label: 'F over best ancestors, honest' },
          ]}
          onChange={(value) => void set({ window: WINDOWS.find((one) => one === value) ?? null })}
        />
        <Switch
          size="xs"
          label="Before training"
          checked={view.upper}
          onChange={(event) => void set({ upper: event.currentTarget.checked })}
        />
      </div>
      <div className={styles.parts}>
        <div ref={ref}>
          <div ref={drawing}>
            {width === 0 ? (
              <Skeleton height={50 + 46 * triangle.stages.length} />
            ) : (
              <ScrollBox label="Models on targets">
                <TriangleDrawing triangle={triangle} width={width} withUpper={view.upper} hrefOf={hrefOf} />
              </ScrollBox>
            )}
          </div>
        </div>
        <div className={styles.measures}>
          <MeasureTable lines={rows.map(lineOf)} />
        </div>
      </div>
      <p className={styles.note}>{notesOf(triangle, view).join(' ')}</p>
      <Section title="The same numbers">
        <PublishedTableView label={table.title} table={table.table} footRows={rows.length} />
      </Section>
    </>
  )
}

const lineOf = (row: MeasureRow): MeasureLine => ({
  key: row.key,
  name: `${row.key}, ${row.name.toLowerCase()}`,
  note: row.note,
  value: row.measure.of ? valueWords(row) : null,
  interval: intervalWords(row),
  over: overWords(row),
})
