import { type Agreement, agreement } from '../evaluations/agreement.ts'
import { groupBy } from '../lineage/group-by.ts'
import { type Judgement, scoreOfA } from './battles.ts'

export interface RatersAgreement extends Agreement {
  raters: [string, string]
  /** Cases that both judged. */
  cases: number
}

export interface AgreementOfRaters {
  /** Cases: two models and a prompt. */
  cases: number
  /** Of them, those that two raters or more judged. */
  judgedTwice: number
  /** Pairs of raters with a common case, most cases first. */
  pairs: RatersAgreement[]
}

/** A rater's verdict on a case: the first model, neither, the second. */
type Verdict = 0 | 1 | 2

/**
 * How far raters agree on the cases that they share. Several judgements of a case by one rater, such as both orders, are one verdict:
 * that of the majority, a tie where they cancel out. Left-out ties would make agreement look better than it is, so all verdicts count.
 */
export function agreementOfRaters(battles: readonly Judgement[]): AgreementOfRaters {
  const cases = [...groupBy(battles, caseOf).values()].map(verdicts)
  const tables = new Map<string, { raters: [string, string]; table: number[][] }>()
  for (const judged of cases) {
    const raters = [...judged.keys()].sort()
    raters.forEach((x, i) => {
      for (const y of raters.slice(i + 1)) {
        const key = JSON.stringify([x, y])
        const pair = tables.get(key) ?? { raters: [x, y], table: [0, 1, 2].map(() => [0, 0, 0]) }
        tables.set(key, pair)
        const row = pair.table[judged.get(x) ?? 1]
        const column = judged.get(y) ?? 1
        if (row) row[column] = (row[column] ?? 0) + 1
      }
    })
  }
  const pairs = [...tables.values()].map(({ raters, table }) => ({
    raters,
    cases: table.flat().reduce((sum, n) => sum + n, 0),
    ...agreement(table),
  }))
  return {
    cases: cases.length,
    judgedTwice: cases.filter((judged) => judged.size > 1).length,
    pairs: pairs.sort((x, y) => y.cases - x.cases),
  }
}

const caseOf = ({ a, b, prompt }: Judgement): string => JSON.stringify(a < b ? [a, b, prompt] : [b, a, prompt])

function verdicts(battles: readonly Judgement[]): Map<string, Verdict> {
  const sums = new Map<string, number>()
  for (const { a, b, winner, rater } of battles) {
    const own = 2 * scoreOfA(winner) - 1
    sums.set(rater, (sums.get(rater) ?? 0) + (a < b ? own : -own))
  }
  return new Map([...sums].map(([rater, sum]) => [rater, (1 - Math.sign(sum)) as Verdict]))
}
