/**
 * Whether a gain on a benchmark shows a better surface (how answers look and behave) or better knowledge (what they hold). Fine-tuning
 * is strong at the first; the second is what pre-training gives.
 */

export const GAIN_LABELS = ['surface', 'knowledge'] as const
export type GainLabel = (typeof GAIN_LABELS)[number]

const SURFACE = [
  'instruction',
  'instruction following',
  'chat',
  'format',
  'formatting',
  'style',
  'vocabulary',
  'terminology',
  'behaviour',
  'behavior',
  'alignment',
  'preference',
  'safety',
  'refusal',
  'task',
]

const KNOWLEDGE = [
  'knowledge',
  'facts',
  'factuality',
  'truthfulness',
  'domain',
  'reasoning',
  'math',
  'maths',
  'mathematics',
  'logic',
  'code',
  'coding',
  'science',
  'common sense',
  'commonsense',
  'reading',
  'reading comprehension',
  'multilingual',
  'translation',
]

/** What a gain in a category is as a rule; null for a category of which no rule is known, such as loss on general text. */
export function gainOfCategory(category: string): GainLabel | null {
  const word = category
    .trim()
    .toLowerCase()
    .replace(/[-_\s]+/g, ' ')
  if (SURFACE.includes(word)) return 'surface'
  return KNOWLEDGE.includes(word) ? 'knowledge' : null
}

export interface LabelledGain {
  label: GainLabel
  /** Whether somebody said so of the benchmark, or its category says so. */
  by: 'benchmark' | 'category'
}

/**
 * The label of a gain: what was said of the benchmark, else what its category says.
 *
 * @param of.gain null: nobody said
 */
export function gainLabel(of: { category: string; gain: GainLabel | null }): LabelledGain | null {
  if (of.gain !== null) return { label: of.gain, by: 'benchmark' }
  const label = gainOfCategory(of.category)
  return label && { label, by: 'category' }
}
