import type { ProtocolFields } from '../evaluations/protocol.ts'

/** Longer texts, and those with places to fill in, are prompts and not words about a protocol. */
const WORD_MAX = 40
const isPrompt = (text: string): boolean => text.length > WORD_MAX || /[{}\n]|<\|/.test(text)

/** A protocol in a few words: "0 shot, CoT, exact_match, lm-eval 0.4.13". Fields that say nothing, and whole prompts, are left out. */
export function protocolWords(protocol: Readonly<Partial<ProtocolFields>>, metric: string): string {
  const { shots, prompt_template, extraction, decoding, normalizer, harness, harness_version } = protocol
  const isShort = (text: string | undefined): text is string =>
    text !== undefined && text !== '' && !isPrompt(text) && !/^none\b/.test(text)
  const words = [
    shots === undefined ? undefined : `${shots} shot`,
    prompt_template,
    metric,
    extraction,
    normalizer,
    decoding,
    harness === undefined ? undefined : [harness, harness_version].filter(isShort).join(' '),
  ]
  return [...new Set(words.filter(isShort))].join(', ')
}

/** "Protocols: MMLU 0 shot, CoT · PopQA 15 shot.": benchmarks of one protocol stand together. */
export function protocolNote(benchmarks: readonly { name: string; words: string }[]): string | null {
  if (benchmarks.length === 0) return null
  const byWords = new Map<string, string[]>()
  for (const { name, words } of benchmarks) byWords.set(words, [...(byWords.get(words) ?? []), name])
  const parts = [...byWords].map(([words, names]) => `${names.join(', ')}: ${words || 'not told'}`)
  return `Protocols. ${parts.join(' · ')}.`
}

/** "n: 1,319 (GSM8K), not published (MMLU).", as the footnote of a table tells it. */
export function countNote(benchmarks: readonly { name: string; n: number | null }[]): string | null {
  const unknown = benchmarks.filter(({ n }) => n === null)
  const known = benchmarks.filter(({ n }) => n !== null)
  const parts = [
    known.length > 0 ? known.map(({ name, n }) => `${name} ${n?.toLocaleString('en-US')}`).join(', ') : null,
    unknown.length === 0
      ? null
      : `not published${known.length > 0 ? ` for ${unknown.map(({ name }) => name).join(', ')}` : ', so the scores have no interval'}`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : `n: ${parts.join('; ')}.`
}
