const NAMES = [
  'lr',
  'learning_rate',
  'peak_lr',
  'max_lr',
  'lr.peak',
  'optimizer.lr',
  'optimiser.lr',
  'train.lr',
  'lr_peak',
]
const WARMUPS = ['warmup', 'warmup_steps', 'warmup_ratio', 'lr.warmup', 'lr_warmup']
const SCHEDULES = ['schedule', 'lr_schedule', 'lr_scheduler_type', 'scheduler', 'lr.schedule']

/** A member by a dotted name: `a.b` is `config.a.b` or the key itself. */
function at(config: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in config) return config[name]
  let value: unknown = config
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Readonly<Record<string, unknown>>)[part]
  }
  return value
}

/** The learning rate as a config tells it, with warm-up and schedule; null when no usual name is there. */
export function readLearningRate(
  config: Readonly<Record<string, unknown>>,
  print: (value: number) => string,
): string | null {
  const first = (names: readonly string[], kind: 'number' | 'string'): unknown =>
    names.map((name) => at(config, name)).find((value) => typeof value === kind)
  const rate = first(NAMES, 'number')
  if (typeof rate !== 'number') return null
  const warmup = first(WARMUPS, 'number')
  const schedule = first(SCHEDULES, 'string')
  return [
    print(rate),
    typeof warmup === 'number'
      ? `warm-up ${warmup < 1 ? `${Math.round(warmup * 1000) / 10} %` : `${warmup} steps`}`
      : null,
    typeof schedule === 'string' ? schedule : null,
  ]
    .filter((part) => part !== null)
    .join(', ')
}
