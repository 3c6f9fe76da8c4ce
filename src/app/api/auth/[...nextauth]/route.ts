import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '#src/api/auth/options.ts'

/** Sign-in and sign-out; bodies are bounded and origins checked by the process in front. */
function handler(request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }) {
  return NextAuth(request, context, authOptions())
}

export { handler as GET, handler as POST }
