/** Tables of what was trained: stages of one model, models by stage, and the ladder of checkpoints. */
import { formatCount, formatExactCount } from '../format/count.ts'
import { formatHours } from '../format/duration.ts'
import { NO_NUMBER } from './print.ts'
import type { PublishedCell, PublishedTable } from './table.ts'

/** Something that has a page. */
export interface Linked {
  text: string
  href?: string
}

/** One stage as a release page tells it. Null: nobody told it. */
export interface StageFacts {
  stage: Linked
  params: number | null
  /** Consumed by this stage alone. */
  tokens: number | null
  /** What its weights come from: "SFT, step 1,200", "0.5 × A + 0.5 × B", "random weights". */
  from: string
  data: string | null
  method: string | null
  /** "384 × H100" */
  devices: string | null
  deviceHours: number | null
  /** Printed, with currency; null: unknown. */
  cost: string | null
  checkpoint: Linked | null
  /** Where its curves are. */
  run: Linked | null
  /** True when its numbers come from somebody's publication, so that what is missing was not published. */
  isPublished: boolean
}

/** Stages of one model in their order, with what each took; the last row adds up the tokens, every stage once. */
export function stageTable(stages: readonly StageFacts[], longestPathTokens: number | null) {
  const columns = [
    'stage',
    'size',
    'tokens',
    'from',
    'data',
    'method',
    'devices',
    'device-hours',
    'cost',
    'checkpoint',
    'run',
  ]
  const numbers = new Set(['size', 'tokens', 'device-hours', 'cost'])
  const known = stages.flatMap(({ tokens }) => tokens ?? [])
  const table: PublishedTable = {
    columns: columns.map((name) => ({ name, align: numbers.has(name) ? 'right' : 'left' })),
    rows: stages.map((stage) => {
      const missing = stage.isPublished ? NO_NUMBER.published : NO_NUMBER.measured
      const measured = (text: string | null) => ({ text: text ?? missing })
      const told = (text: string | null) => ({
        text: text ?? (stage.isPublished ? NO_NUMBER.published : NO_NUMBER.told),
      })
      return [
        stage.stage,
        told(stage.params === null ? null : formatCount(stage.params)),
        measured(stage.tokens === null ? null : formatCount(stage.tokens)),
        { text: stage.from },
        told(stage.data),
        told(stage.method),
        measured(stage.devices),
        measured(stage.deviceHours === null ? null : formatHours(stage.deviceHours)),
        { text: stage.cost ?? (stage.deviceHours === null ? missing : NO_NUMBER.price) },
        stage.checkpoint ?? { text: 'none' },
        stage.run ?? { text: 'none' },
      ]
    }),
  }
  const notes =
    known.length < 2
      ? []
      : [
          `${formatCount(known.reduce((sum, tokens) => sum + tokens, 0))} tokens trained in all, every stage once${known.length < stages.length ? ` (without ${stages.length - known.length} stages whose tokens are not told)` : ''}${longestPathTokens === null ? '' : `; ${formatCount(longestPathTokens)} along the longest path`}.`,
        ]
  return { table, notes }
}

/** One model: the stages from its root to its end. */
export interface ModelFacts {
  model: Linked
  stages: readonly ModelStage[]
}

export interface ModelStage {
  /** Which row it stands in: "SFT". */
  word: string
  /** The word of its kind: "Instruction". */
  kindWord: string
  checkpoint: Linked | null
  /** The checkpoint that it was initialised from, in words. */
  from: string
}

/**
 * Stages down, models across: each cell leads to a checkpoint and says from which one it was initialised. A stage that two models
 * share stands in the columns of both. Where some stage of a kind has no finer word, all of that kind stand under the kind's; where a
 * model has several stages of one word, they are numbered.
 */
export function modelTable(models: readonly ModelFacts[]): PublishedTable {
  const plain = new Set(
    models.flatMap(({ stages }) => stages.flatMap(({ word, kindWord }) => (word === kindWord ? kindWord : []))),
  )
  const paths = models.map(({ stages }) => {
    const seen = new Map<string, number>()
    return stages.map((stage) => {
      const word = plain.has(stage.kindWord) ? stage.kindWord : stage.word
      const count = (seen.get(word) ?? 0) + 1
      seen.set(word, count)
      return { ...stage, row: count === 1 ? word : `${word} ${count}` }
    })
  })
  const rows = inOrder(paths.map((path) => path.map(({ row }) => row)))
  return {
    columns: [
      { name: 'stage', align: 'left' },
      ...models.map(({ model }) => ({ name: model.text, align: 'left' as const })),
    ],
    rows: rows.map((row) => [
      { text: row },
      ...paths.map((path) => modelCell(path.find((stage) => stage.row === row))),
    ]),
  }
}

/** Every name once, none above one that stands before it in a list; lists that contradict each other end in some order. */
function inOrder(lists: readonly (readonly string[])[]): string[] {
  const depths = new Map(lists.flat().map((name) => [name, 0]))
  for (let round = 0; round < depths.size; round++)
    for (const list of lists)
      for (const [i, name] of list.entries()) {
        const before = i === 0 ? -1 : (depths.get(list[i - 1] ?? '') ?? -1)
        depths.set(name, Math.max(depths.get(name) ?? 0, before + 1))
      }
  return [...depths.keys()].sort((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0))
}

function modelCell(stage: ModelStage | undefined): PublishedCell {
  if (!stage) return { text: '' }
  const from = `(${stage.from})`
  if (!stage.checkpoint) return { text: `no checkpoint yet ${from}` }
  return { ...stage.checkpoint, text: `${stage.checkpoint.text} ${from}` }
}

export interface LadderStep {
  stage: string
  step: number
  /** As the run counted them; null: derived from `tokensPerStep`. */
  tokens: number | null
  tokensPerStep: number | null
  checkpoint: Linked
  /** Benchmarks measured on it. */
  evaluated: number
}

/** Tokens at a checkpoint: as counted, else step × tokens per step where that fits below 2^53; null: cannot be told. */
export function ladderTokens({ tokens, step, tokensPerStep }: Pick<LadderStep, 'tokens' | 'step' | 'tokensPerStep'>) {
  if (tokens !== null) return { tokens, isDerived: false }
  const derived = tokensPerStep === null ? null : step * tokensPerStep
  return { tokens: derived !== null && Number.isSafeInteger(derived) ? derived : null, isDerived: true }
}

/** Checkpoints of a model in their order, with step, exact tokens and how many benchmarks were measured. */
export function ladderTable(steps: readonly LadderStep[]): { table: PublishedTable; notes: string[] } {
  const sizes = new Set<number>()
  const rows = steps.map((at) => {
    const { tokens, isDerived } = ladderTokens(at)
    if (isDerived && tokens !== null && at.tokensPerStep !== null) sizes.add(at.tokensPerStep)
    return [
      { text: at.stage },
      { text: formatExactCount(at.step) },
      { text: tokens === null ? NO_NUMBER.measured : formatExactCount(tokens) },
      at.checkpoint,
      { text: String(at.evaluated) },
    ]
  })
  const columns = ['stage', 'step', 'tokens', 'checkpoint', 'benchmarks']
  return {
    table: {
      columns: columns.map((name) => ({ name, align: name === 'stage' || name === 'checkpoint' ? 'left' : 'right' })),
      rows,
    },
    notes: [...sizes].map((size) => `Tokens = step × ${formatExactCount(size)} where the run counted none.`),
  }
}
