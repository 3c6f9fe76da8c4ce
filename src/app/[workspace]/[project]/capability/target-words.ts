/** Tokens to a target in words and as a table. */
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { TargetReached } from '#src/protocol/target-reached.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'

type Stage = TargetReached['stages'][number]

/** "sft was there first, after 1.2M tokens of its own; 3 of 5 stages reached Task accuracy 0.5." */
export function targetSentence({ benchmark, target, stages }: TargetReached): string {
  const what = `${benchmark.name} ${scoreWords(target, benchmark)}`
  const reached = stages.filter((stage) => stage.reached === 'reached')
  const already = stages.filter((stage) => stage.reached === 'at_start').length
  const told = reached.filter((stage) => stage.own_tokens !== null)
  const aside = already > 0 ? `; ${already} began there already` : ''
  const head = `${reached.length} of ${stages.length} stages reached ${what}${aside}`
  const fewest = told.toSorted((a, b) => (a.own_tokens ?? 0) - (b.own_tokens ?? 0))[0]
  if (!fewest) return `${head}.`
  return `${head}. With the fewest tokens of its own: ${fewest.experiment.name}, ${atMost(fewest)}${formatCount(fewest.own_tokens ?? 0)}.`
}

const atMost = (stage: Stage): string => (stage.at_most ? 'at most ' : '')

const stateWords = (stage: Stage, benchmark: TargetReached['benchmark']): string => {
  switch (stage.reached) {
    case 'reached':
      return 'reached'
    case 'at_start':
      return 'began there already'
    case 'tokens_unknown':
      return 'reached; tokens not told'
    case 'never':
      return `never reached; ${benchmark.higher_is_better ? 'best' : 'least'} ${scoreWords(stage.checkpoint?.score ?? Number.NaN, benchmark)}`
    case 'not_measured':
      return 'not measured'
  }
}

/** The same as a table that can be copied. */
export function targetTable(data: TargetReached): TableText {
  const { benchmark, target, stages } = data
  const text = (words: string): PublishedCell => ({ text: words })
  const count = (value: number | null) => (value === null ? '–' : formatExactCount(Math.round(value)))
  return {
    title: `Tokens to ${benchmark.name} ${scoreWords(target, benchmark)}`,
    table: {
      columns: [
        { name: 'Stage', align: 'left' },
        { name: 'Target', align: 'left' },
        { name: 'Tokens of the stage', align: 'right' },
        { name: 'Tokens since the root', align: 'right' },
        { name: 'Shown at step', align: 'right' },
        { name: 'Checkpoints measured', align: 'right' },
        { name: 'Tokens per second', align: 'right' },
      ],
      rows: stages.map((stage) => [
        text(stage.experiment.name),
        text(stateWords(stage, benchmark)),
        text(stage.own_tokens === null ? '–' : `${atMost(stage)}${count(stage.own_tokens)}`),
        text(stage.tokens === null ? '–' : `${atMost(stage)}${count(stage.tokens)}`),
        text(stage.checkpoint ? formatExactCount(stage.checkpoint.step) : '–'),
        text(formatExactCount(stage.measured)),
        text(stage.tokens_per_s === null ? 'not told' : formatCount(stage.tokens_per_s)),
      ]),
    },
    footRows: 0,
    notes: [data.convention, 'Tokens per second are the tokens of a stage over the time of its attempts.'],
  }
}
