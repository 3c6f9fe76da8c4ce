'use client'
import { useMediaQuery } from '@mantine/hooks'
import {
  type CSSProperties,
  type ReactNode,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Matrix } from '#src/protocol/matrix.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page } from '#src/ui/kit/page-head.tsx'
import { type Arranged, type Arrangement, arrangeRows } from './arrange-rows.ts'
import { SIZES } from './grid-places.ts'
import styles from './matrix.module.css'
import { type GridHandle, MatrixGrid } from './matrix-grid.tsx'
import { MatrixLegend } from './matrix-legend.tsx'
import { MatrixMenu } from './matrix-menu.tsx'
import { type MatrixModel, rowKey } from './matrix-model.ts'
import { againstWords, matrixNotes, restWords } from './matrix-words.ts'
import { OpenCell } from './open-cell.tsx'
import { type MatrixAsked, useMatrix } from './use-matrix.ts'
import { cellName, type MatrixViewState, readCellName, type useMatrixState } from './view-state.ts'

export interface MatrixScreenProps {
  workspace: string
  project: string
  title: string
  /** `scores`: with intervals; `changes`: a heat map of changes with their budgets. */
  shows: 'scores' | 'changes'
  asked: MatrixAsked
  state: MatrixViewState
  set: ReturnType<typeof useMatrixState>[1]
  /** About parts of the link that are ignored. */
  notice: ReactNode
  sentence: (model: MatrixModel) => ReactNode
  /** Above the matrix, once something is known of the project. */
  controls: (matrix: Matrix, model: MatrixModel) => ReactNode
  /** Right of the title, once something is known of the project. */
  actions: (matrix: Matrix) => ReactNode
  /** Below the matrix and its notes. */
  below?: (model: MatrixModel) => ReactNode
  /** In place of a matrix without any cell. */
  empty: (matrix: Matrix) => ReactNode
}

/** A page around a matrix: its sentence, controls, grid, legend and notes, and the open cell beside it. */
export function MatrixScreen(props: MatrixScreenProps) {
  const { workspace, project, asked, state, set, title } = props
  const isPhone = useMediaQuery('(max-width: 47.9375em)') ?? false
  const [visible, setVisible] = useState(0)
  const { query, model, isWhole } = useMatrix({ workspace, project }, asked, visible)
  const firstPage = useFirstPage(query.data)
  // The cells in sight are drawn at once; what is read off all of them may wait for what people do meanwhile.
  const read = useDeferredValue(model)
  const { sentence: say } = props
  const isTold = isWhole && read === model
  const sentence = useMemo(() => (isTold && read && read.rows.length > 0 ? say(read) : null), [read, isTold, say])
  const grid = useRef<GridHandle>(null)
  const [byKeys, setByKeys] = useState(false)
  const open = readCellName(state.cell)
  const selected = open && model ? placeOf(model, open) : null
  const [row, column] = [selected?.row, selected?.column]
  useEffect(() => {
    // A sheet covers the lower half of a phone: the cell it tells of moves into the upper one.
    if (isPhone && row !== undefined && column !== undefined) grid.current?.revealCell(row, column)
  }, [isPhone, row, column])
  const close = useCallback(() => {
    void set({ cell: null, flip: null, item: null })
    if (selected) grid.current?.focusCell(selected.row, selected.column)
  }, [set, selected])
  return (
    <div className={styles.page}>
      <div className={styles.area}>
        <Page>
          <header className={styles.pageHead}>
            <h1>{title}</h1>
            <div className={styles.actions}>
              {firstPage ? props.actions(firstPage) : null}
              {read ? <Save {...props} model={read} firstPage={firstPage} /> : null}
            </div>
            <p>{sentence ?? (model && !isTold ? restWords(model) : ' ')}</p>
          </header>
          {props.notice}
          <Answer
            query={query}
            what={title === 'Retention' ? 'The retention matrix' : 'The evaluations'}
            loading={<LoadingRows rows={12} height={38} />}
          >
            {(matrix) =>
              matrix.rows.length === 0 || matrix.total === 0 ? (
                props.empty(firstPage ?? matrix)
              ) : model ? (
                <>
                  <div className={styles.controls}>{props.controls(firstPage ?? matrix, model)}</div>
                  <Grid
                    {...props}
                    model={model}
                    isPhone={isPhone}
                    selected={selected}
                    grid={grid}
                    onVisible={setVisible}
                    onOpen={(row, column, keys) => {
                      const [of, head] = [model.rows[row], model.columns[column]]
                      if (!of || !head?.checkpoint) return
                      setByKeys(keys)
                      void set(
                        { cell: cellName(head.checkpoint.id, head.variant, of.benchmark.slug), flip: null, item: null },
                        { history: 'push' },
                      )
                    }}
                  />
                  <MatrixLegend />
                  <Notes model={read ?? model} firstPage={firstPage} />
                  {props.below?.(model)}
                </>
              ) : (
                <LoadingRows rows={12} height={38} />
              )
            }
          </Answer>
        </Page>
      </div>
      <OpenCell
        workspace={workspace}
        project={project}
        state={state}
        set={(change) => void set(change)}
        takesFocus={byKeys}
        onClose={close}
      />
    </div>
  )
}

/** The first page that told of the project's stages: other pages leave them out. */
function useFirstPage(matrix: Matrix | undefined): Matrix | null {
  const [known, setKnown] = useState<Matrix | null>(null)
  if (matrix?.stages && matrix !== known) setKnown(matrix)
  return matrix?.stages ? matrix : known
}

function placeOf(model: MatrixModel, open: NonNullable<ReturnType<typeof readCellName>>) {
  const row = model.rows.find((r) => !r.slice && r.benchmark.slug === open.benchmark)
  const column = model.columns.find((c) => c?.checkpoint?.id === open.checkpoint && c.variant === open.variant)
  return row && column ? { row: rowKey(row), column: column.key } : null
}

/** The rows of a page as its address arranges them. */
function useArranged(model: MatrixModel, { state, shows }: Pick<MatrixScreenProps, 'state' | 'shows'>): Arranged {
  const { group, sort, certain, open, fold } = state
  const opened = open.join(' ')
  const folded = fold.join(',')
  return useMemo(() => {
    const arrangement: Arrangement = {
      group,
      sort: sort === null ? 'benchmark' : sort === 'worst' ? 'worst' : { column: sort },
      // A heat map empties its cells and keeps its rows: the places are what one learns to read.
      onlyCertain: certain && shows === 'scores',
      open: new Set(opened === '' ? [] : opened.split(' ')),
      folded: new Set(folded === '' ? [] : folded.split(',')),
    }
    return arrangeRows(model, arrangement)
  }, [model, group, sort, certain, opened, folded, shows])
}

function Grid(
  props: MatrixScreenProps & {
    model: MatrixModel
    isPhone: boolean
    selected: { row: string; column: string } | null
    grid: React.Ref<GridHandle>
    onVisible: (column: number) => void
    onOpen: (row: number, column: number, byKeys: boolean) => void
  },
) {
  const { model, shows, state, set, isPhone } = props
  const arranged = useArranged(model, props)
  const toggle = useCallback(
    (benchmark: string) =>
      void set((old) => ({
        open: old.open.includes(benchmark) ? old.open.filter((slug) => slug !== benchmark) : [...old.open, benchmark],
      })),
    [set],
  )
  const foldGroup = useCallback(
    (name: string) =>
      void set((old) => ({
        fold: old.fold.includes(name) ? old.fold.filter((one) => one !== name) : [...old.fold, name],
      })),
    [set],
  )
  const style = {
    '--matrix-height': isPhone ? (props.selected ? '34dvh' : '62dvh') : 'calc(100dvh - var(--top-line) - 212px)',
  } as CSSProperties
  return (
    <div style={style}>
      <MatrixGrid
        workspace={props.workspace}
        model={model}
        arranged={arranged}
        sizes={SIZES[shows][isPhone ? 'narrow' : 'wide']}
        withIntervals={shows === 'scores'}
        withBudget={shows === 'changes'}
        hideUncertain={state.certain && shows === 'changes'}
        label={props.title}
        selected={props.selected}
        sortedBy={state.sort}
        onOpen={props.onOpen}
        onSort={(column) => void set({ sort: column })}
        onSlices={toggle}
        onFold={foldGroup}
        onFoldAll={(groups) => void set({ fold: groups.length === 0 ? null : [...groups] })}
        onVisible={props.onVisible}
        handle={props.grid}
      />
      {arranged.hidden > 0 ? (
        <p className={styles.notes}>
          {arranged.hidden} {arranged.hidden === 1 ? 'benchmark' : 'benchmarks'} without a certain change{' '}
          {arranged.hidden === 1 ? 'is' : 'are'} hidden.{' '}
          <button type="button" className="link" onClick={() => void set({ certain: null })}>
            Show all
          </button>
        </p>
      ) : null}
    </div>
  )
}

function Notes({ model, firstPage }: { model: MatrixModel; firstPage: Matrix | null }) {
  const notes = useNotes(model, againstOf(model, firstPage))
  return <p className={styles.notes}>{notes.join(' ')}</p>
}

/** Read off all cells: anew for another model only. */
const useNotes = (model: MatrixModel, against: string): string[] =>
  useMemo(() => matrixNotes(model, against), [model, against])

function againstOf(model: MatrixModel, firstPage: Matrix | null): string {
  const { baseline } = model.first
  const chosen = firstPage?.measured?.find(({ checkpoint }) => checkpoint.id === baseline)
  const stage = firstPage?.stages?.find(({ number }) => number === chosen?.experiment)
  return againstWords(
    baseline,
    stage ? `${stage.name}${chosen?.of_stage ? '' : `, step ${chosen?.checkpoint.step}`}` : null,
  )
}

function Save(props: MatrixScreenProps & { model: MatrixModel; firstPage: Matrix | null }) {
  const { model, project, title, state, shows, firstPage } = props
  const arranged = useArranged(model, props)
  const against = againstOf(model, firstPage)
  const notes = useNotes(model, against)
  if (model.rows.length === 0) return null
  return (
    <MatrixMenu
      name={`${project}-${title.toLowerCase()}`}
      title={`${title} of ${project}, against ${against}`}
      notes={notes}
      model={model}
      entries={arranged.entries}
      hideUncertain={state.certain && shows === 'changes'}
      request={{
        path: `/projects/${encodeURIComponent(project)}/evaluations/matrix`,
        query: Object.fromEntries(Object.entries(props.asked).map(([key, value]) => [key, String(value)])),
      }}
    />
  )
}
