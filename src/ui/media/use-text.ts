'use client'
import { useQuery } from '@tanstack/react-query'
import { artifactAddress } from './artifact-address.ts'

/** The beginning of a text artifact. Content never changes under its id, so it is asked for once. */
export function useText(id: string, bytesMax: number) {
  return useQuery({
    queryKey: ['artifact text', id, bytesMax],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const answer = await fetch(artifactAddress(id), { signal, headers: { range: `bytes=0-${bytesMax - 1}` } })
      // An empty file has no range.
      if (answer.status === 416) return { text: '', isWhole: true }
      if (!answer.ok) throw new Error(await sentenceOf(answer))
      const bytes = new Uint8Array(await answer.arrayBuffer())
      const size = Number(answer.headers.get('content-range')?.split('/').at(-1) ?? bytes.length)
      // A sign that was cut in the middle at the end is left out.
      const text = new TextDecoder().decode(bytes, { stream: size > bytes.length })
      return { text, isWhole: size <= bytes.length }
    },
  })
}

async function sentenceOf(answer: Response): Promise<string> {
  const problem: unknown = await answer.json().catch(() => null)
  const detail = typeof problem === 'object' && problem !== null && 'detail' in problem ? problem.detail : null
  return typeof detail === 'string' ? detail : `The server answered ${answer.status}.`
}
