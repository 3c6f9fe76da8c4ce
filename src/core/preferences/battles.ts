/** Battles: which of two answers to one prompt somebody preferred. */
export const WINNERS = ['a', 'b', 'tie'] as const
export type Winner = (typeof WINNERS)[number]

export const RATER_KINDS = ['person', 'model'] as const
export type RaterKind = (typeof RATER_KINDS)[number]

/** Whether a tie counts half to each side, or is left out. */
export const TIE_RULES = ['half', 'left_out'] as const
export type TieRule = (typeof TIE_RULES)[number]

export interface Judgement {
  /** Keys of the two models, different ones. */
  a: string
  b: string
  winner: Winner
  prompt: string
  rater: string
  /** Which answer was shown first; null: not told. */
  first: 'a' | 'b' | null
  /** Lengths of the two answers in one unit; null: not told. */
  lengthA: number | null
  lengthB: number | null
}

/** What a gets of one battle: 1 won, 0.5 tied, 0 lost. */
export const scoreOfA = (winner: Winner): 1 | 0.5 | 0 => (winner === 'tie' ? 0.5 : winner === 'a' ? 1 : 0)

/** The battles that a rule counts. */
export const counted = <B extends Pick<Judgement, 'winner'>>(battles: readonly B[], ties: TieRule): B[] =>
  battles.filter(({ winner }) => ties === 'half' || winner !== 'tie')
