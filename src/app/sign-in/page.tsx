import type { Metadata } from 'next'
import { SignInView } from './sign-in-view.tsx'

export const metadata: Metadata = { title: 'Sign in' }

export default function SignInPage() {
  return <SignInView />
}
