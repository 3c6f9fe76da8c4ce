import { EXAMPLES, type ExampleName } from '#src/protocol/examples.ts'
import { LineageFile } from '#src/protocol/lineage-file.ts'
import { legalAssistant } from './legal-assistant.ts'
import { tulu38b } from './tulu-3-8b.ts'

const FILES = { 'tulu-3-8b': tulu38b, 'legal-assistant': legalAssistant } as const satisfies Record<
  ExampleName,
  unknown
>

/** The lineage of an example, as an import takes it. */
export const exampleFile = (name: ExampleName): LineageFile => LineageFile.parse(FILES[name])

/** All examples, in the order in which they are offered. */
export const exampleNames = (): readonly ExampleName[] => EXAMPLES
