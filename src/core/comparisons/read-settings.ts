/** What a training program's config says of its optimiser, under the names that programs use. */

export interface TrainingSettings {
  optimiser: string | null
  learningRate: number | null
  schedule: string | null
  /** A share below 1, else steps. */
  warmup: number | null
  weightDecay: number | null
  /** All other settings by dotted name, as text; nested ones too, at most `REST_MAX`. */
  rest: Readonly<Record<string, string>>
}

const NAMES = {
  optimiser: ['optimizer', 'optimiser', 'optim', 'optimizer.name', 'optimizer.type', 'optimizer_type'],
  learningRate: [
    'lr',
    'learning_rate',
    'peak_lr',
    'max_lr',
    'lr.peak',
    'optimizer.lr',
    'optimiser.lr',
    'train.lr',
    'lr_peak',
  ],
  schedule: ['schedule', 'lr_schedule', 'lr_scheduler_type', 'scheduler', 'lr.schedule'],
  warmup: ['warmup', 'warmup_steps', 'warmup_ratio', 'lr.warmup', 'lr_warmup'],
  weightDecay: ['weight_decay', 'wd', 'optimizer.weight_decay', 'optimiser.weight_decay', 'train.weight_decay'],
} as const

const REST_MAX = 60
/** A longer value is a text, not a setting. */
const VALUE_MAX = 80

/** Reads a config; null where none of the usual names is there. */
export function readSettings(config: Readonly<Record<string, unknown>>): TrainingSettings {
  const flat = flatten(config)
  const taken = new Set<string>()
  const take = <T>(names: readonly string[], is: (value: unknown) => value is T): T | null => {
    const name = names.find((one) => is(flat.get(one)))
    if (name === undefined) return null
    taken.add(name)
    return flat.get(name) as T
  }
  const isText = (value: unknown): value is string => typeof value === 'string'
  const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
  const known = {
    optimiser: take(NAMES.optimiser, isText),
    learningRate: take(NAMES.learningRate, isNumber),
    schedule: take(NAMES.schedule, isText),
    warmup: take(NAMES.warmup, isNumber),
    weightDecay: take(NAMES.weightDecay, isNumber),
  }
  const rest = [...flat]
    .filter(([name, value]) => !taken.has(name) && String(value).length <= VALUE_MAX)
    .slice(0, REST_MAX)
    .map(([name, value]) => [name, String(value)] as const)
  return { ...known, rest: Object.fromEntries(rest) }
}

/** Members by dotted name; lists as their JSON, empty values left out. */
function flatten(config: Readonly<Record<string, unknown>>, above = ''): Map<string, unknown> {
  const flat = new Map<string, unknown>()
  for (const [name, value] of Object.entries(config)) {
    if (value === null || value === undefined || value === '') continue
    const full = above === '' ? name : `${above}.${name}`
    if (Array.isArray(value)) flat.set(full, JSON.stringify(value))
    else if (typeof value === 'object')
      for (const [inner, one] of flatten(value as Record<string, unknown>, full)) flat.set(inner, one)
    else flat.set(full, value)
  }
  return flat
}
