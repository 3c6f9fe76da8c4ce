import type { ChartData } from '#src/protocol/chart-body.ts'

/** The chart with other numbers for its runs, wherever it names them. */
export const withRunNumbers = (chart: ChartData, numberOf: (run: number) => number): ChartData => ({
  ...chart,
  series: chart.series.map((line) => ({ ...line, run: numberOf(line.run) })),
  groups: chart.groups.map((line) => ({ ...line, runs: line.runs.map(numberOf) })),
  attempts: chart.attempts.map((mark) => ({ ...mark, run: numberOf(mark.run) })),
  ...(chart.left_out && { left_out: chart.left_out.map((one) => ({ ...one, run: numberOf(one.run) })) }),
})
