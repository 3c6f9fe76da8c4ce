import { expect, test } from 'vitest'
import { entryText, readEntry } from './entries.ts'

const UID = '01923f4e-8a7b-7c3d-9e1f-2a3b4c5d6e7f'

test.each([`run:${UID}`, `checkpoint:${UID}`, 'stage:my-model:3', 'stage:my-model:sft-replay'])(
  'the name %s is read and written alike',
  (text) => {
    const entry = readEntry(text)
    expect(entry && entryText(entry)).toBe(text)
  },
)

test.each(['', 'run:41', 'stage:my-model', 'model:x', `run:${UID} `, 'stage:A:1'])(
  'the text "%s" names nothing',
  (text) => expect(readEntry(text)).toBeNull(),
)
