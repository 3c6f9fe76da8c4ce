'use client'
import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import { connection } from './connection.ts'

/** Goes to another page, as a link does: while the server is away it stays, and the banner says so. */
export function useGo(): (href: string) => void {
  const router = useRouter()
  return useCallback(
    (href: string) => {
      if (connection.mayLeave()) router.push(href)
    },
    [router],
  )
}
