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

/** To which stage one is held: the root of its path, where its weights came from, another stage that began there. */
export const REFERENCE_ROLES = ['base', 'parent', 'sibling'] as const
export type ReferenceRole = (typeof REFERENCE_ROLES)[number]
