/** What the names of metrics and tasks of evaluation harnesses mean, for files that do not say it themselves. */
import type { BenchmarkKind } from '../evaluations/benchmarks.ts'

export interface MetricFacts {
  kind: BenchmarkKind
  higherIsBetter: boolean
  /** What the score is counted up to: 1 for shares, 100 for points. */
  scale: 1 | 100
  unit: string | null
}

const share = (kind: BenchmarkKind): MetricFacts => ({ kind, higherIsBetter: true, scale: 1, unit: null })
const points = (higherIsBetter: boolean): MetricFacts => ({ kind: 'other', higherIsBetter, scale: 100, unit: null })
const loss = (unit: string): MetricFacts => ({ kind: 'loss', higherIsBetter: false, scale: 1, unit })

/** By the whole name of the metric, else by the first pattern that fits. Orientation as lm-evaluation-harness registers it. */
const KNOWN: Readonly<Record<string, MetricFacts>> = {
  bits_per_byte: loss('bits per byte'),
  byte_perplexity: loss('perplexity per byte'),
  word_perplexity: loss('perplexity per word'),
  perplexity: loss('perplexity'),
  ppl: loss('perplexity'),
  brier_score: { kind: 'other', higherIsBetter: false, scale: 1, unit: null },
  bleu: points(true),
  chrf: points(true),
  'chrf++': points(true),
  ter: points(false),
  exact: points(true),
}

const PATTERNS: readonly (readonly [RegExp, MetricFacts])[] = [
  [/^acc(_|$)|_acc(uracy)?$|^accuracy|^exact_match|^em$|pass@\d+|^(prompt|inst)_level/, share('accuracy')],
  [/^rouge/, { kind: 'other', higherIsBetter: true, scale: 1, unit: null }],
  [/perplexity|ppl$/, loss('perplexity')],
  [/loss$|^nll/, loss('nats')],
]

/** What a metric's name says; an unknown one is *other* and higher is better, which a file's own flag overrules. */
export const metricFacts = (metric: string): MetricFacts =>
  (Object.hasOwn(KNOWN, metric) ? KNOWN[metric] : undefined) ??
  PATTERNS.find(([pattern]) => pattern.test(metric))?.[1] ??
  share('other')

/** By the first pattern that the task's name fits. */
const CATEGORIES: readonly (readonly [RegExp, string])[] = [
  [/mmlu|hendrycks|cmmlu|agieval|triviaqa|nq_open|popqa|sciq|openbookqa|medqa|gpqa|arc_/, 'knowledge'],
  [/gsm|math|minerva|asdiv|svamp|aime/, 'math'],
  [/humaneval|mbpp|code|apps/, 'code'],
  [/ifeval|alpaca|mt_bench|arena/, 'instruction'],
  [/truthfulqa|toxi|safety|xstest|harm|refus|bbq|crows/, 'safety'],
  [/mgsm|xnli|xcopa|xstory|flores|wmt|belebele|global_/, 'multilingual'],
  [/hellaswag|winogrande|piqa|bbh|bigbench|boolq|copa|siqa|drop|arc|logiqa|musr/, 'reasoning'],
  [/wikitext|lambada|pile|c4|paloma|lm_/, 'general language'],
]

/** The category of a task by its name; losses are general language, and what nobody knows is *other*. */
export const categoryOf = (task: string, kind: BenchmarkKind): string =>
  CATEGORIES.find(([pattern]) => pattern.test(task.toLowerCase()))?.[1] ??
  (kind === 'loss' ? 'general language' : 'other')
