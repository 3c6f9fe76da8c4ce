'use client'
import { useNow } from '#src/ui/kit/now.ts'
import { agoWords } from './ago-words.ts'

/** How long ago something happened, counting along; the exact time on hover. `never` is said when it did not. */
export function Ago({ at, never = 'never' }: { at: string | null; never?: string }) {
  const now = useNow()
  if (at === null) return <span className="ink-3">{never}</span>
  const exact = at.replace('T', ' ').replace(/\.\d+/, '').replace('Z', ' UTC')
  return (
    <time dateTime={at} title={exact} suppressHydrationWarning>
      {now === 0 ? exact.slice(0, 16) : agoWords(at, now)}
    </time>
  )
}
