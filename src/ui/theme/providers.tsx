'use client'
import '#src/protocol/no-eval.ts'
import { MantineProvider } from '@mantine/core'
import { setNonce } from 'get-nonce'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useState } from 'react'
import { cssVariablesResolver, theme } from '#src/ui/theme/theme.ts'
import { TrpcProvider } from '#src/ui/trpc-client.tsx'

/**
 * Theme, URL state and data for every page. The nonce is pinned: a refresh brings the layout a new one
 * while the document keeps the one it was loaded with.
 */
export function Providers({ nonce, children }: { nonce: string; children: ReactNode }) {
  const [pinned] = useState(() => {
    setNonce(nonce)
    return nonce
  })
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      getStyleNonce={() => pinned}
    >
      <NuqsAdapter>
        <TrpcProvider>{children}</TrpcProvider>
      </NuqsAdapter>
    </MantineProvider>
  )
}
