/**
 * From a chart answer to what is drawn. Nothing here touches a screen: which points are joined, where a line breaks, what is smoothed,
 * which band, which marks, how far the axes reach, and what had to be left out.
 */
import type { ChartData } from '#src/protocol/chart-body.ts'
import type { ChartChoices, PreparedChart } from './prepared-chart.ts'
import { shapeLines } from './shape-lines.ts'
import { viewLines } from './view-lines.ts'

/** The lines of an answer in view. */
export const prepareLines = (answer: ChartData, choices: ChartChoices): PreparedChart =>
  viewLines(shapeLines(answer, choices), choices)

/** The part of an answer that is about some of its runs; each line stays the same object. */
export function ofRuns(answer: ChartData, runs: ReadonlySet<number>): ChartData {
  if (answer.series.every((line) => runs.has(line.run))) return answer
  return {
    ...answer,
    series: answer.series.filter((line) => runs.has(line.run)),
    attempts: answer.attempts.filter((mark) => runs.has(mark.run)),
    ...(answer.left_out && { left_out: answer.left_out.filter(({ run }) => runs.has(run)) }),
  }
}
