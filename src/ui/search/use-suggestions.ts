import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Completion } from '#src/core/search/complete-at.ts'
import { fieldText } from '#src/core/search/field.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { catalogueQuestion, type Suggestion, suggestionsFor } from './suggestions.ts'

const PAUSE_MS = 60
const LINES = 8

/** What the list under the field offers at the caret, from the project's catalogue of keys and values. */
export function useSuggestions(
  place: { workspace: string; project: string },
  completion: Completion | null,
): { suggestions: Suggestion[]; caption: string } {
  const trpc = useTRPC()
  const question = useMemo(() => catalogueQuestion(completion), [completion])
  const [asked] = useDebouncedValue(question, PAUSE_MS)
  const keys = useQuery({
    ...trpc.search.keys.queryOptions({ ...place, text: asked && 'keys' in asked ? asked.keys : '', limit: LINES }),
    enabled: asked !== null && 'keys' in asked,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
  const values = useQuery({
    ...trpc.search.values.queryOptions({
      ...place,
      field: asked && 'field' in asked ? asked.field : '',
      text: asked && 'field' in asked ? asked.values : '',
      limit: LINES,
    }),
    enabled: asked !== null && 'field' in asked,
    staleTime: 30_000,
  })
  const suggestions = useMemo(
    () =>
      completion === null
        ? []
        : suggestionsFor(
            completion,
            question && 'keys' in question ? (keys.data?.entries ?? []) : [],
            question && 'field' in question ? (values.data?.values ?? []) : [],
          ),
    [completion, question, keys.data, values.data],
  )
  return { suggestions, caption: captionOf(completion) }
}

function captionOf(completion: Completion | null): string {
  switch (completion?.want) {
    case 'part':
      return completion.typed === ''
        ? 'Fields and keys that most runs have'
        : `Keys that start with ${completion.typed}, then keys that contain it`
    case 'comparison':
      return `How to compare ${fieldText(completion.field)}`
    case 'value':
      return `Values of ${fieldText(completion.field)}`
    default:
      return 'What may follow'
  }
}
