'use client'
import { useEffect, useState } from 'react'
import { pythonRequest, shellRequest } from '#src/core/format/request-code.ts'
import { CodeBlock } from './code-block.tsx'

/** What a program asks for the same data: a line for a shell, and Python that needs nothing installed. */
export function RequestCode({ path, query }: { path: string; query: Readonly<Record<string, string>> }) {
  const [origin, setOrigin] = useState('')
  useEffect(() => setOrigin(window.location.origin), [])
  return (
    <>
      <CodeBlock label="API request; the key is one that may read" text={shellRequest(origin, path, query)} />
      <div style={{ paddingTop: 8 }}>
        <CodeBlock label="Python" text={pythonRequest(origin, path, query)} />
      </div>
    </>
  )
}
