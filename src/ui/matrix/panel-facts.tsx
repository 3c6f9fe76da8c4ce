'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { otherPart } from '#src/core/evaluations/paired-parts.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import { GainChip, StaleChip } from '#src/ui/benchmarks/fact-chips.tsx'
import { PART_WORDS } from '#src/ui/benchmarks/fact-words.ts'
import { paths } from '#src/ui/paths.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './panel.module.css'
import { changeTextOf, intervalTextOf, scoresText } from './panel-words.ts'

interface Props {
  workspace: string
  project: string
  checkpoint: string
  variant: string
  /** parent, root, best, or the id of a checkpoint. */
  baseline: string
  benchmark: Benchmark
}

/** What the benchmark of an open cell says of itself, and the other side of its task on the same checkpoint. */
export function PanelFacts(props: Props) {
  const { benchmark } = props
  return (
    <>
      <p className={styles.facts}>
        <GainChip benchmark={benchmark} />
        <StaleChip benchmark={benchmark} />
      </p>
      {benchmark.part && benchmark.pair ? <OtherSide {...props} part={benchmark.part} pair={benchmark.pair} /> : null}
    </>
  )
}

function OtherSide(props: Props & { part: NonNullable<Benchmark['part']>; pair: string }) {
  const { workspace, project, checkpoint, variant, baseline, part, pair } = props
  const trpc = useTRPC()
  const other = useQuery(
    trpc.evaluations.matrixCell.queryOptions(
      { workspace, project, checkpoint, variant, baseline, benchmark: pair },
      { retry: false },
    ),
  )
  const word = PART_WORDS[otherPart(part)]
  return (
    <p className={styles.otherSide}>
      This is the {PART_WORDS[part]}; the {word} is{' '}
      <Link className="link" href={paths.benchmark(workspace, pair)} prefetch={false}>
        {other.data?.benchmark.name ?? pair}
      </Link>
      :{' '}
      {other.data ? (
        <>
          <b>{scoresText(other.data)}</b>
          {[changeTextOf(other.data), intervalTextOf(other.data)]
            .filter((words) => words !== null)
            .map((words) => `, ${words}`)}
        </>
      ) : other.error ? (
        <span className="ink-3">{readFailure(other.error).sentence}</span>
      ) : (
        '…'
      )}
    </p>
  )
}
