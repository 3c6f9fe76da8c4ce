/** Scores of a benchmark come as fractions (1) or in percent (100), as whoever sent them counts. */
export type CountedIn = 1 | 100

/** A score, or a difference of scores, in another counting of the same benchmark: 0.61 of 1 is 61 of 100. Null stays null. */
export const onScale = <Value extends number | null>(value: Value, from: CountedIn, to: CountedIn): Value =>
  (value === null || from === to ? value : (value * to) / from) as Value
