/** Methods that begin at one checkpoint, compared at equal learning, in words. Pure. */
import { commonLevels, type LearningWay, matchedLearning } from '#src/core/forgetting/matched-learning.ts'
import type { Bought, BoughtStage } from '#src/protocol/bought.ts'
import { digitsOf, scoreWords } from '#src/ui/changes/score-digits.ts'
import type { BoughtChoice } from './bought-panels.ts'

type Benchmark = Bought['benchmarks'][number]

export interface MatchedWords {
  target: string
  kept: string
  level: number
  /** Decimals of levels. */
  digits: number
  lowest: number
  highest: number
  methods: { name: string; words: string }[]
}

/**
 * Methods that begin at one checkpoint compared at equal learning: those of the fork with the most stages that learned the target.
 * Null where no fork has two, or no level is common to them.
 */
export function matchedWords(bought: Bought, ask: BoughtChoice): MatchedWords | null {
  const [target, kept] = [bought.benchmarks[ask.target], bought.benchmarks[ask.kept]]
  if (!target || !kept || ask.target === ask.kept) return null
  const ways = forkOf(bought, ask, target, kept)
  const sign = target.higher_is_better ? 1 : -1
  const { lowest, highest } = commonLevels(ways)
  if (ways.length < 2 || highest <= lowest) return null
  const asked = ask.level === null ? undefined : Math.min(highest, Math.max(lowest, sign * ask.level))
  const matched = matchedLearning(ways, asked)
  if (!matched) return null
  const back = kept.higher_is_better ? 1 : -1
  const levels = [sign * lowest, sign * highest].sort((a, b) => a - b) as [number, number]
  return {
    target: target.name,
    kept: kept.name,
    level: sign * matched.level,
    digits: digitsOf(target, matched.level),
    lowest: levels[0],
    highest: levels[1],
    methods: matched.methods.map(({ id, retain }) => ({
      name: id,
      words: retain === null ? 'never reached it' : scoreWords(back * retain, kept),
    })),
  }
}

/** The ways of the stages of one fork, each from the fork's checkpoint over its own; only stages that gained on the target. */
function forkOf(bought: Bought, ask: BoughtChoice, target: Benchmark, kept: Benchmark): LearningWay[] {
  const [a, b] = [target.higher_is_better ? 1 : -1, kept.higher_is_better ? 1 : -1]
  const pointsOf = (stage: BoughtStage, ofStage: boolean) =>
    stage.points
      .filter((point) => point.of_stage || !ofStage)
      .flatMap((point) => {
        const [learn, retain] = [point.cells[ask.target], point.cells[ask.kept]]
        return learn && retain ? [{ learn: a * learn.score, retain: b * retain.score }] : []
      })
  const forks = new Map<number, LearningWay[]>()
  for (const stage of bought.stages) {
    const parent = bought.stages.find((s) => s.experiment.number === stage.parent)
    const start = parent && pointsOf(parent, true)
    if (!parent || !start?.[0] || !stage.targets.includes(target.slug)) continue
    const own = pointsOf(stage, false)
    if (own.length === 0) continue
    const way = { id: stage.experiment.name, points: [...start, ...own] }
    forks.set(parent.experiment.number, [...(forks.get(parent.experiment.number) ?? []), way])
  }
  return [...forks.values()].reduce<LearningWay[]>((most, ways) => (ways.length > most.length ? ways : most), [])
}
