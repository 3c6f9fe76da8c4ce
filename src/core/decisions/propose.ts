/** What the numbers of a stage say by rule: a draft of the decision, with every number that it rests on. Pure. */
import type { BudgetVerdict } from '../forgetting/budget.ts'
import type { Decision } from './decisions.ts'

/** A change that a sentence names: "task accuracy +0.398 (95 % +0.287 to +0.496)". */
export interface NamedChange {
  words: string
  reading: 'gained' | 'lost' | 'no_difference_found' | 'no_interval' | 'not_comparable' | 'missing_baseline'
  /** Orientation × change: negative is worse; null: nothing to subtract. */
  utility: number | null
}

export interface DecisionFacts {
  stage: string
  /** From which it started; null: a root. */
  parent: string | null
  /** Of the targets the one with the largest proven gain, else the largest; null: none was measured on both. */
  target: NamedChange | null
  /** The largest rise of anything, where the stage names no target that was measured on both; null: nothing rose. */
  rise: NamedChange | null
  /** The largest loss of what should be kept, in multiples of what may be lost; null: nothing was measured on both. */
  worst: NamedChange | null
  /** Verdicts of its budget, as its gate takes them; null: nothing to judge. */
  budget: Readonly<Record<'parent' | 'root', BudgetVerdict | null>>
  /** The largest loss against the root of its lineage, where its budget does not hold against it; null: it does, or the parent is the root. */
  rootLoss: { root: string; words: string } | null
  /** "mean of what should be kept −10.4 points (95 % −14.4 to −6.4)"; null: none. */
  mean: string | null
  /** "$0.0004", or why it is not known: "not published". */
  cost: string
  /** What a unit of the gain took, or why that cannot be said; null: nothing to add. */
  perGain: string | null
  /** The sibling it is held against, and how that compares on target and worst: null without one. */
  sibling: { name: string; target: NamedChange | null; worst: NamedChange | null } | null
}

/**
 * Keep: a proven gain on the target and certainly within budget. Retrain: a proven gain that took more than may be lost. Roll back: a
 * proven loss of the target, or a loss over budget for no proven gain. Undecided: all else, such as scores without intervals. A budget
 * holds against the parent and against the root of the lineage, so that nothing is to be kept that its gate holds up.
 */
export function proposeDecision(facts: DecisionFacts): { decision: Decision; reason: string } {
  const decision = ruleOf(facts)
  return { decision, reason: [`${whyWords(facts, decision)}`, '', ...lines(facts)].join('\n') }
}

/** The worse of the two verdicts. What was not judged against the parent is not known to be within budget. */
function verdictOf({ parent, root }: DecisionFacts['budget']): BudgetVerdict | null {
  const both = [parent, root]
  return both.includes('fail') ? 'fail' : both.includes('warn') ? 'warn' : parent
}

function ruleOf({ parent, target, budget: verdicts }: DecisionFacts): Decision {
  if (parent === null || target === null) return 'undecided'
  const budget = verdictOf(verdicts)
  if (target.reading === 'lost') return 'roll_back'
  if (target.reading === 'gained') return budget === 'fail' ? 'retrain' : budget === 'pass' ? 'keep' : 'undecided'
  return budget === 'fail' && target.reading === 'no_difference_found' ? 'roll_back' : 'undecided'
}

/** " against the root of its lineage" where only that verdict is it; the parent needs no word, and both need none more. */
const againstRoot = ({ parent, root }: DecisionFacts['budget'], verdict: BudgetVerdict): string =>
  root === verdict && parent !== verdict ? ' against the root of its lineage' : ''

function whyWords({ stage, parent, target, budget }: DecisionFacts, decision: Decision): string {
  if (parent === null) return `${stage} is a root: there is nothing that it could have been worth more than.`
  if (target === null) return `No target of ${stage} was measured on both, so whether it reached its aim is not known.`
  switch (decision) {
    case 'keep':
      return `${stage} gained on its target and stayed within its budget.`
    case 'retrain':
      return `${stage} gained on its target, but lost more than it may${againstRoot(budget, 'fail')}: train it again with what keeps the rest.`
    case 'roll_back':
      return target.reading === 'lost'
        ? `${stage} lost on its own target.`
        : `${stage} shows no gain on its target and lost more than it may${againstRoot(budget, 'fail')}.`
    case 'undecided':
      if (target.reading === 'no_interval')
        return 'The scores have no interval, so neither the gain nor the loss is proven.'
      if (target.reading === 'not_comparable' || target.reading === 'missing_baseline')
        return `The target of ${stage} cannot be compared with ${parent}.`
      if (target.reading === 'no_difference_found') return `No gain of ${stage} on its target was found.`
      return verdictOf(budget) === 'warn'
        ? `${stage} gained on its target; whether it stayed within its budget${againstRoot(budget, 'warn')} cannot be told.`
        : `${stage} gained on its target; nothing that it should keep was measured on both.`
  }
}

function lines({ parent, target, rise, worst, rootLoss, mean, cost, perGain, sibling }: DecisionFacts): string[] {
  if (parent === null) return [`- Cost: ${cost}`]
  return [
    target === null && rise !== null
      ? `- Largest gain against ${parent}, no target: ${rise.words}`
      : `- Gain against ${parent}: ${target?.words ?? 'not measured on both'}`,
    `- Largest loss against ${parent}: ${worst?.words ?? 'nothing that should be kept was measured on both'}`,
    ...(rootLoss === null
      ? []
      : [`- Largest loss against ${rootLoss.root}, the root of its lineage: ${rootLoss.words}`]),
    ...(mean === null ? [] : [`- Mean: ${mean}`]),
    `- Cost: ${cost}${perGain === null ? '' : `; ${perGain}`}`,
    ...(sibling === null
      ? []
      : [
          `- Against its sibling ${sibling.name}: ${[sibling.target?.words, sibling.worst?.words].filter(Boolean).join('; ') || 'nothing was measured on both'}`,
        ]),
  ]
}
