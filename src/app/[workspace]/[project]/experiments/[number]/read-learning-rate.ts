import { readSettings } from '#src/core/comparisons/read-settings.ts'

/** The learning rate as a config tells it, with warm-up and schedule; null when no usual name is there. */
export function readLearningRate(
  config: Readonly<Record<string, unknown>>,
  print: (value: number) => string,
): string | null {
  const { learningRate, warmup, schedule } = readSettings(config)
  if (learningRate === null) return null
  const warming =
    warmup === null ? null : `warm-up ${warmup < 1 ? `${Math.round(warmup * 1000) / 10} %` : `${warmup} steps`}`
  return [print(learningRate), warming, schedule].filter((part) => part !== null).join(', ')
}
