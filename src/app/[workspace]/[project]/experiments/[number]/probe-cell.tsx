import Link from 'next/link'
import type { Probed } from '#src/protocol/probes.ts'
import { GainChip, StaleChip } from '#src/ui/benchmarks/fact-chips.tsx'
import { paths } from '#src/ui/paths.ts'
import { changeOfProbe, intervalOfScore, scoreWords } from './probe-words.ts'
import styles from './stage-probes.module.css'

/** One number of a probe with its change since the start. Null: not measured, and what would be is named by `title`. */
export function ProbeCell(props: {
  workspace: string
  title: string
  probed: Probed | null
  how?: string | undefined
}) {
  const { title, probed } = props
  return (
    <div className={styles.cell}>
      <dt>
        {title}
        {probed ? (
          <Link className={styles.name} href={paths.benchmark(props.workspace, probed.benchmark.slug)} prefetch={false}>
            {probed.benchmark.name}
          </Link>
        ) : null}
      </dt>
      {probed?.after ? <Score probed={probed} /> : <Missing how={props.how ?? probed?.reason ?? 'not measured'} />}
    </div>
  )
}

function Score({ probed }: { probed: Probed }) {
  const change = changeOfProbe(probed)
  const { after } = probed
  return (
    <>
      <dd className={styles.value}>
        {scoreWords(probed, after)}{' '}
        <span className={styles.ink} data-ink={change.ink}>
          {change.text}
        </span>
      </dd>
      <dd className={styles.note}>{after ? intervalOfScore(probed, after) : null}</dd>
      <dd className={styles.note}>{change.note}</dd>
      <dd className={styles.chips}>
        <GainChip benchmark={probed.benchmark} />
        <StaleChip benchmark={probed.benchmark} />
      </dd>
    </>
  )
}

function Missing({ how }: { how: string }) {
  return (
    <>
      <dd className={styles.missing}>not measured</dd>
      <dd className={styles.note}>{how}</dd>
    </>
  )
}
