import Link from 'next/link'
import { methodWord } from '#src/core/experiments/stage-words.ts'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { ProvenanceStage } from '#src/protocol/provenance.ts'
import { lackWords, totalWords } from '#src/ui/cost/totals.ts'
import { EDGE_WORDS } from '#src/ui/marks/edge-words.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import type { Column } from '#src/ui/table/data-table.tsx'
import { fromWords, hardwareWords, inputWords } from './chain-words.ts'
import styles from './provenance.module.css'

const COMMIT_CHARACTERS = 8
const NONE = <span className="ink-3">–</span>

/** The stages of a lineage: what each is, how its weights came, what it handed on, and what made it. */
export const chainColumns = (workspace: string): readonly Column<ProvenanceStage>[] => [
  {
    key: 'stage',
    title: 'Stage',
    head: true,
    nowrap: true,
    cell: ({ experiment, method }) => (
      <span className={styles.stage}>
        <StageIcon kind={experiment.stage_kind} label />
        <Link className="link" href={paths.stage(workspace, experiment.project, experiment.number)}>
          {experiment.name}
        </Link>
        {methodWord(method) === null ? null : <span className="ink-3">{methodWord(method)}</span>}
      </span>
    ),
  },
  {
    key: 'from',
    title: 'Weights',
    cell: (stage) => (
      <span className={styles.wide}>
        {fromWords(stage)}
        {stage.from?.inferred ? ' (inferred)' : ''}
        {stage.from?.note ? <span className="ink-2">: {stage.from.note}</span> : null}
        {stage.beside.map((edge) => (
          <span key={edge.id} className="ink-2">
            {'; '}
            {EDGE_WORDS[edge.kind]}{' '}
            <Link className="link" href={paths.stage(workspace, edge.parent.project, edge.parent.number)}>
              {edge.parent.name}
            </Link>
          </span>
        ))}
      </span>
    ),
  },
  {
    key: 'checkpoint',
    title: 'Handed on',
    align: 'right',
    nowrap: true,
    cell: ({ checkpoint }) =>
      checkpoint === null ? (
        NONE
      ) : (
        <Link className="link" href={paths.checkpoint(workspace, checkpoint.id)}>
          step {formatExactCount(checkpoint.step)}
        </Link>
      ),
  },
  {
    key: 'tokens',
    title: 'Tokens',
    align: 'right',
    cell: ({ checkpoint }) =>
      checkpoint === null || checkpoint.tokens === null ? (
        NONE
      ) : (
        <span title={formatExactCount(checkpoint.tokens)}>{formatCount(checkpoint.tokens)}</span>
      ),
  },
  {
    key: 'run',
    title: 'Run',
    nowrap: true,
    cell: ({ run }) =>
      run === null ? (
        NONE
      ) : (
        <>
          <Link className="link" href={paths.run(workspace, run.project, run.number)}>
            #{run.number}
          </Link>
          {run.attempt.number > 1 ? <span className="ink-3"> attempt {run.attempt.number}</span> : null}
        </>
      ),
  },
  {
    key: 'data',
    title: 'Data',
    cell: ({ data, run }) => {
      const words = inputWords(data, run?.inputs ?? [])
      return words === null ? NONE : <span className={styles.wide}>{words}</span>
    },
  },
  {
    key: 'code',
    title: 'Code',
    nowrap: true,
    cell: ({ run }) =>
      run?.code ? (
        <code className={styles.code} title={[run.code.commit, run.command].filter(Boolean).join('\n')}>
          {run.code.commit.slice(0, COMMIT_CHARACTERS)}
          {run.code.dirty ? ' + changes' : ''}
        </code>
      ) : (
        NONE
      ),
  },
  {
    key: 'hardware',
    title: 'Hardware',
    cell: ({ run }) => {
      const words = run && hardwareWords(run)
      return words ? <span className={styles.wide}>{words}</span> : NONE
    },
  },
  {
    key: 'cost',
    title: 'Cost',
    align: 'right',
    nowrap: true,
    cell: ({ cost }) =>
      cost === null ? NONE : <span title={lackWords(cost).join(', ') || undefined}>{totalWords(cost, null)}</span>,
  },
]
