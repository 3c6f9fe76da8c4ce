/** What people decide about a stage once its numbers are in. */
export const DECISIONS = ['keep', 'roll_back', 'retrain', 'undecided'] as const
export type Decision = (typeof DECISIONS)[number]

export const DECISION_WORDS: Readonly<Record<Decision, string>> = {
  keep: 'Keep',
  roll_back: 'Roll back',
  retrain: 'Retrain',
  undecided: 'Undecided',
}

/** Characters of a reason. */
export const REASON_MAX = 20_000
