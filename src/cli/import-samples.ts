import { createReadStream } from 'node:fs'
import { filterNamer, type LmEvalSample, readSample } from '../core/imports/lm-eval-samples.ts'
import { recordSplitter } from '../core/imports/record-splitter.ts'
import { parseTolerantJson } from '../core/imports/tolerant-json.ts'

/** A record of one document with its prompts; longer ones are left out. */
const RECORD_CHARACTERS_MAX = 16 * 1024 * 1024

/**
 * The samples of a file in their order, read piece by piece.
 *
 * @param filters of the task, for files whose samples do not name theirs
 * @param onBad is told of each record that is none
 */
export async function* samplesOfFile(
  file: string,
  filters: readonly string[],
  onBad: (reason: string) => void = () => {},
): AsyncGenerator<LmEvalSample> {
  const named = filterNamer(filters)
  let records = 0
  const splitter = recordSplitter(RECORD_CHARACTERS_MAX, () =>
    onBad(`a record is longer than ${RECORD_CHARACTERS_MAX} characters`),
  )
  const read = (text: string): LmEvalSample | null => {
    records++
    const sample = parsed(text)
    if (typeof sample !== 'string') return named(sample)
    onBad(`record ${records} ${sample}`)
    return null
  }
  for await (const piece of createReadStream(file, { encoding: 'utf8' }))
    for (const text of splitter.push(piece as string)) {
      const sample = read(text)
      if (sample) yield sample
    }
  for (const text of splitter.end()) {
    const sample = read(text)
    if (sample) yield sample
  }
}

function parsed(text: string): LmEvalSample | string {
  try {
    return readSample(parseTolerantJson(text))
  } catch {
    return 'is no whole JSON object'
  }
}
