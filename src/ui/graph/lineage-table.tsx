'use client'
import Link from 'next/link'
import { type CSSProperties, useMemo } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatDuration, formatHours } from '#src/core/format/duration.ts'
import { formatNumber } from '#src/core/format/number.ts'
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import type { Lineage, StageCard } from '#src/protocol/lineage.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import { BudgetGauge, ChangeMark } from '#src/ui/marks/change-mark.tsx'
import { Sparkline } from '#src/ui/marks/sparkline.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { changeWords, deviceHoursWords, EDGE_WORDS, kindLine } from './card-words.ts'
import { innerEdges } from './lineage-path.ts'
import styles from './lineage-table.module.css'
import { treeOrder } from './tree-order.ts'

interface Row {
  card: StageCard
  level: number
  from: readonly { edge: Edge; href: string }[]
  href: string
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'stage',
    title: 'Stage',
    head: true,
    cell: ({ card, level, href }) => (
      <span className={styles.stage} style={{ '--level': level } as CSSProperties}>
        <StageIcon kind={card.stage_kind} />
        <span className="visually-hidden">Level {level}:</span>
        <Link href={href} prefetch={false}>
          {card.name}
        </Link>
        <span className="ink-3">{card.number}</span>
      </span>
    ),
  },
  { key: 'kind', title: 'Kind, method', nowrap: true, cell: ({ card }) => kindLine(card) },
  { key: 'state', title: 'State', cell: ({ card }) => <StateWord state={card.state} detail={card.state_detail} /> },
  {
    key: 'target',
    title: 'Target against parent',
    cell: ({ card }) => <ChangeCell change={card.target} card={card} />,
  },
  { key: 'worst', title: 'Worst loss', cell: ({ card }) => <ChangeCell change={card.worst} card={card} gauge /> },
  {
    key: 'loss',
    title: 'Loss',
    cell: ({ card }) =>
      card.loss === null ? (
        <Missing />
      ) : (
        <span className={styles.change}>
          <Sparkline
            x={card.loss.x}
            y={card.loss.y}
            width={48}
            height={16}
            colour={STAGE_LOOKS[card.stage_kind].colour}
            label={`Loss of ${card.name}`}
          />
          <span>{card.loss.last === null ? '' : formatNumber(card.loss.last, 2)}</span>
        </span>
      ),
  },
  {
    key: 'tokens',
    title: 'Tokens',
    align: 'right',
    nowrap: true,
    cell: ({ card }) =>
      card.tokens === null ? (
        card.steps === null ? (
          <Missing />
        ) : (
          <span className="ink-2">{formatCount(card.steps)} steps</span>
        )
      ) : (
        <span title={tokensTitle(card.tokens, card.steps)}>{formatCount(card.tokens)}</span>
      ),
  },
  {
    key: 'wall',
    title: 'Wall',
    align: 'right',
    nowrap: true,
    cell: ({ card }) => (card.wall_s === null ? <Missing /> : formatDuration(card.wall_s)),
  },
  {
    key: 'hours',
    title: 'Device-h',
    align: 'right',
    nowrap: true,
    cell: ({ card }) =>
      card.device_hours === null ? (
        <Missing />
      ) : (
        <span title={deviceHoursWords(card) ?? undefined}>{formatHours(card.device_hours)}</span>
      ),
  },
  { key: 'from', title: 'From', cell: ({ from }) => <From edges={from} /> },
]

/** The drawing's content as an indented table, read well by keyboard and screen readers. */
export function LineageTable(props: {
  lineage: Lineage
  path: readonly number[]
  hrefOf: (card: StageCard) => string
  edgeHref: (edge: Edge) => string
}) {
  const { lineage, path, hrefOf, edgeHref } = props
  const rows = useMemo(() => rowsOf(lineage, path, hrefOf, edgeHref), [lineage, path, hrefOf, edgeHref])
  return (
    <DataTable
      label={`Stages of ${props.lineage.project.name}, as a tree`}
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => String(row.card.number)}
      none="This project has no stages yet."
      request={{ path: `/projects/${encodeURIComponent(props.lineage.project.slug)}/lineage`, query: {} }}
    />
  )
}

function rowsOf(
  lineage: Lineage,
  path: readonly number[],
  hrefOf: (card: StageCard) => string,
  edgeHref: (edge: Edge) => string,
): Row[] {
  const edges = innerEdges(lineage)
  const cards = new Map(lineage.cards.map((card) => [card.number, card]))
  return treeOrder([...cards.keys()], edges, path).flatMap(({ number, level }) => {
    const card = cards.get(number)
    return card
      ? [
          {
            card,
            level,
            from: parentsOf(lineage, number).map((edge) => ({ edge, href: edgeHref(edge) })),
            href: hrefOf(card),
          },
        ]
      : []
  })
}

const parentsOf = ({ project, edges }: Lineage, number: number): Edge[] =>
  edges.filter(({ child }) => child.number === number && child.project === project.slug)

function From({ edges }: { edges: Row['from'] }) {
  if (edges.length === 0) return <span className="ink-3">root</span>
  return (
    <span className={styles.from}>
      {edges.map(({ edge, href }, i) => (
        <Link key={edge.id} href={href} prefetch={false} title={edgeWords(edge)}>
          <span aria-hidden>
            {shortEdge(
              edge,
              edges.slice(0, i).map((before) => before.edge),
            )}
          </span>
          <span className="visually-hidden">{edgeWords(edge)}</span>
        </Link>
      ))}
    </span>
  )
}

/** "continues sft, step 179 × 0.5 (inferred): its note". */
const edgeWords = (edge: Edge): string =>
  [
    `${EDGE_WORDS[edge.kind]} ${edge.parent.name}${stepWords(edge)}`,
    edge.weight === null ? '' : ` × ${edge.weight}`,
    edge.inferred ? ' (inferred)' : '',
    edge.note === '' ? '' : `: ${edge.note}`,
  ].join('')

/** "sft @ 179", "sft @ 179 (adapter on)"; a helper that is the parent itself by its role alone. */
function shortEdge(edge: Edge, before: readonly Edge[]): string {
  const isAgain = before.some((b) => b.parent.number === edge.parent.number && b.parent.project === edge.parent.project)
  if (isAgain && !isWeightEdge(edge.kind)) return EDGE_WORDS[edge.kind]
  const how = edge.kind === 'init' ? '' : ` (${EDGE_WORDS[edge.kind]})`
  const step = isWeightEdge(edge.kind)
    ? edge.checkpoint
      ? ` @ ${formatCount(edge.checkpoint.step)}`
      : ' (planned)'
    : ''
  return `${edge.parent.name}${step}${how}`
}

/** The step of the checkpoint that the weights come from; helpers are told without it. */
function stepWords(edge: Edge): string {
  if (!isWeightEdge(edge.kind)) return ''
  return edge.checkpoint ? `, step ${formatCount(edge.checkpoint.step)}` : ' (planned)'
}

const tokensTitle = (tokens: number, steps: number | null): string =>
  `${formatExactCount(tokens)} tokens${steps === null ? '' : `, ${formatExactCount(steps)} steps`}`

function ChangeCell({ change, card, gauge = false }: { change: Change | null; card: StageCard; gauge?: boolean }) {
  if (change === null) {
    const score = gauge ? card.scores[1] : card.scores[0]
    if (!score) return <Missing />
    return (
      <span className={styles.change}>
        <span className={`${styles.benchmark} ink-2`}>{score.benchmark.name}</span>
        <span>{scoreWords(score.score, score.benchmark)}</span>
      </span>
    )
  }
  return (
    <span className={styles.change} title={change.reason ?? change.benchmark.name}>
      <ChangeMark change={change} text={<span className={styles.benchmark}>{change.benchmark.name}</span>} />
      <span>
        {gauge ? <BudgetGauge change={change} /> : null} {changeWords(change)}
      </span>
    </span>
  )
}

/** Missing is never zero: a small dot, and the word for readers. */
const Missing = () => (
  <span className="ink-3" title="not recorded">
    ·<span className="visually-hidden">not recorded</span>
  </span>
)
