'use client'
import { SegmentedControl, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { type RefObject, useCallback, useRef, useState } from 'react'
import { CORRECTIONS, DIFFERENCE_FAMILIES } from '#src/core/evaluations/correction.ts'
import { FLIP_KINDS } from '#src/core/evaluations/matrix-kinds.ts'
import type { Differences } from '#src/protocol/differences.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { BaselineControl, checkpointOptions } from '#src/ui/matrix/baseline-control.tsx'
import matrixStyles from '#src/ui/matrix/matrix.module.css'
import { NothingMeasured } from '#src/ui/matrix/nothing-measured.tsx'
import { OpenCell } from '#src/ui/matrix/open-cell.tsx'
import { cellName, readCellName } from '#src/ui/matrix/view-state.ts'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import styles from './forest.module.css'
import { ForestDrawing } from './forest-drawing.tsx'
import { CORRECTION_WORDS, FAMILY_WORDS, forestTable, notesOf, referenceWords, sentenceOf } from './forest-words.ts'
import { FOREST_SORTS, type ForestPanel, prepareForest } from './prepare-forest.ts'

/** What a link to this page carries. */
const VIEW = {
  /** Absent: the last measured checkpoint of the longest path. */
  checkpoint: parseAsString,
  variant: parseAsString.withDefault(''),
  /** parent, root, best, or the id of a checkpoint. */
  baseline: parseAsString.withDefault('parent'),
  correction: parseAsStringLiteral(CORRECTIONS).withDefault('benjamini_hochberg'),
  family: parseAsStringLiteral(DIFFERENCE_FAMILIES).withDefault('kept'),
  /** Points; absent: each benchmark's own. */
  margin: parseAsFloat,
  sort: parseAsStringLiteral(FOREST_SORTS).withDefault('effect'),
  /** checkpoint~variant~benchmark */
  cell: parseAsString,
  flip: parseAsStringLiteral(FLIP_KINDS),
  item: parseAsInteger.withDefault(0),
}

const WORDS = Object.keys(VIEW)

const MARGINS = [0.5, 1, 2, 5]

interface Place {
  workspace: string
  project: string
}

type View = ReturnType<typeof useQueryStates<typeof VIEW>>

/** Which differences of a checkpoint against a reference are real: each with the interval of the difference. */
export function ForestScreen({ workspace, project }: Place) {
  const [view, set] = useQueryStates(VIEW, { history: 'replace' })
  const trpc = useTRPC()
  const { checkpoint, variant, baseline, correction, family, margin } = view
  const query = useQuery(
    trpc.evaluations.differences.queryOptions(
      {
        ...{ workspace, project, variant, baseline, correction, family },
        ...(checkpoint !== null && { checkpoint }),
        ...(margin !== null && margin > 0 && { margin }),
      },
      { placeholderData: keepPreviousData },
    ),
  )
  const open = readCellName(view.cell)
  const [byKeys, setByKeys] = useState(false)
  const drawing = useRef<HTMLDivElement>(null)
  const close = useCallback(() => {
    const slug = open?.benchmark
    void set({ cell: null, flip: null, item: null })
    if (slug) drawing.current?.querySelector<SVGGElement>(`[data-benchmark="${CSS.escape(slug)}"]`)?.focus()
  }, [open?.benchmark, set])
  return (
    <div className={matrixStyles.page}>
      <div className={matrixStyles.area}>
        <Page>
          <UnknownParts known={WORDS} />
          <Answer
            query={query}
            what="The differences"
            heading="Differences"
            loading={
              <>
                <PageHead title="Differences" sentence=" " />
                <Skeleton height={480} />
              </>
            }
          >
            {(told) => (
              <Told
                workspace={workspace}
                project={project}
                told={told}
                view={[view, set]}
                drawing={drawing}
                onOpen={(benchmark, keys) => {
                  setByKeys(keys)
                  if (told.of)
                    void set(
                      { cell: cellName(told.of.checkpoint.id, told.of.variant, benchmark), flip: null, item: null },
                      { history: 'push' },
                    )
                }}
              />
            )}
          </Answer>
        </Page>
      </div>
      <OpenCell
        workspace={workspace}
        project={project}
        state={view}
        set={(change) => void set(change)}
        takesFocus={byKeys}
        onClose={close}
      />
    </div>
  )
}

/** The question of the machine door that gives the same differences. */
const queryOf = ({ of, baseline, correction, family }: Differences, margin: number | null): Record<string, string> => ({
  ...(of && { checkpoint: of.checkpoint.id }),
  ...(of && of.variant !== '' && { variant: of.variant }),
  ...{ baseline, correction, family },
  ...(margin !== null && { margin: String(margin) }),
})

function Told(
  props: Place & {
    told: Differences
    view: View
    drawing: RefObject<HTMLDivElement | null>
    onOpen: (benchmark: string, byKeys: boolean) => void
  },
) {
  const { workspace, project, told, view, drawing } = props
  const [{ sort, margin, cell }] = view
  if (!told.of)
    return (
      <>
        <PageHead title="Differences" />
        <NothingMeasured matrix={told}>A difference needs one benchmark on two checkpoints.</NothingMeasured>
      </>
    )
  const panels = prepareForest(told.rows, sort)
  const table = forestTable(told, panels, margin)
  return (
    <>
      <PageHead title="Differences" sentence={sentenceOf(told, referenceWords(told))}>
        <BaselineControl
          baseline={told.baseline}
          matrix={told}
          onChange={(baseline) => void view[1]({ baseline, cell: null }, { history: 'push' })}
        />
        <PictureMenu
          name={`${project}-differences`}
          table={table}
          drawing={drawing}
          request={{ path: `/projects/${project}/evaluations/differences`, query: queryOf(told, margin) }}
        />
      </PageHead>
      <Controls told={told} view={view}>
        <Link className="link" href={paths.evaluations(workspace, project)}>
          All checkpoints
        </Link>
      </Controls>
      <Plot
        told={told}
        panels={panels}
        drawing={drawing}
        selected={readCellName(cell)?.benchmark ?? null}
        onOpen={props.onOpen}
      />
      {told.rows.length > 0 ? <p className={styles.note}>{notesOf(told, margin).join(' ')}</p> : null}
      <Apart told={told} />
      {told.rows.length > 0 ? (
        <Section title="The same numbers">
          <PublishedTableView label={table.title} table={table.table} />
        </Section>
      ) : null}
    </>
  )
}

function Controls({ told, view: [view, set], children }: { told: Differences; view: View; children: React.ReactNode }) {
  const margins = [...new Set([...MARGINS, ...(view.margin === null ? [] : [view.margin])])].sort((a, b) => a - b)
  return (
    <div className={matrixStyles.controls}>
      <Select
        aria-label="Checkpoint"
        w={190}
        searchable
        limit={60}
        value={told.of?.checkpoint.id ?? null}
        data={checkpointOptions(told)}
        onChange={(checkpoint) =>
          checkpoint !== null && void set({ checkpoint, variant: null, cell: null }, { history: 'push' })
        }
      />
      <Select
        aria-label="Correction"
        w={176}
        value={view.correction}
        data={CORRECTIONS.map((value) => ({ value, label: CORRECTION_WORDS[value] }))}
        onChange={(value) => void set({ correction: CORRECTIONS.find((one) => one === value) ?? null })}
      />
      <Select
        aria-label="Family of the correction"
        w={196}
        value={view.family}
        data={DIFFERENCE_FAMILIES.map((value) => ({ value, label: `over ${FAMILY_WORDS[value]}` }))}
        onChange={(value) => void set({ family: DIFFERENCE_FAMILIES.find((one) => one === value) ?? null })}
      />
      <Select
        aria-label="Margin"
        w={170}
        value={view.margin === null ? 'own' : String(view.margin)}
        data={[
          { value: 'own', label: 'Margins of each' },
          ...margins.map((points) => ({ value: String(points), label: `Margin ${points} points` })),
        ]}
        onChange={(value) => void set({ margin: value === null || value === 'own' ? null : Number(value) })}
      />
      <SegmentedControl
        aria-label="Order"
        value={view.sort}
        onChange={(value) => void set({ sort: FOREST_SORTS.find((one) => one === value) ?? null })}
        data={[
          { value: 'effect', label: 'Worst first' },
          { value: 'p', label: 'By p' },
          { value: 'category', label: 'By category' },
        ]}
      />
      {children}
    </div>
  )
}

function Plot(props: {
  told: Differences
  panels: readonly ForestPanel[]
  drawing: RefObject<HTMLDivElement | null>
  selected: string | null
  onOpen: (benchmark: string, byKeys: boolean) => void
}) {
  const { told, panels } = props
  const { ref, width } = useElementSize()
  if (told.rows.length === 0)
    return (
      <Empty
        title={`No benchmark of ${told.of?.experiment.name ?? 'this checkpoint'} has a difference to show`}
        text={
          told.apart.length === 0
            ? 'It was not measured in this form.'
            : 'A difference needs the same benchmark under the same protocol on both sides. Each is named below with what stands in the way; another reference can be chosen above.'
        }
      />
    )
  return (
    <div ref={ref}>
      <div ref={props.drawing}>
        {width === 0 ? (
          <Skeleton height={480} />
        ) : (
          <ForestDrawing
            panels={panels}
            width={width}
            selected={props.selected}
            withReference={new Set(told.rows.map((row) => row.against.checkpoint.id)).size > 1}
            onOpen={props.onOpen}
          />
        )}
      </div>
    </div>
  )
}

/** What cannot be compared, each with what stands in the way. */
function Apart({ told }: { told: Differences }) {
  if (told.apart.length === 0) return null
  return (
    <Section title="Without a difference" note={`${told.apart.length} of ${told.apart.length + told.rows.length}`}>
      <ul className={styles.apart}>
        {told.apart.map(({ benchmark, reason, differing }) => (
          <li key={benchmark.slug}>
            <b>{benchmark.name}</b> <span>{reason}</span>{' '}
            {differing.length === 0 ? null : (
              <small>
                {differing
                  .map(({ field, before, after }) => `${field} ${before ?? 'not said'} → ${after ?? 'not said'}`)
                  .join(', ')}
              </small>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
