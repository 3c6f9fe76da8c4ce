'use client'
import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { RefusedField } from '#src/ui/kit/refused-field.tsx'
import { paths } from '#src/ui/paths.ts'
import { Mark } from '#src/ui/shell/mark.tsx'
import { readLinkToken } from './read-link-token.ts'
import styles from './sign-in.module.css'

const LINK_COMMAND = 'npx descent admin sign-in-link'

type State =
  | { kind: 'reading' }
  /** The address carries a token: one button posts it. */
  | { kind: 'ready'; token: string }
  /** No token in the address: a link can be pasted. */
  | { kind: 'none' }
  | { kind: 'posting' }
  | { kind: 'refused' }
  | { kind: 'away' }

/**
 * Signs in with a one-time link. The token stands behind the # of the address, so that no server log holds it; a button
 * posts it, so that programs which open links in mails do not use it up.
 */
export function SignInView() {
  const [state, setState] = useState<State>({ kind: 'reading' })
  useEffect(() => {
    const read = () => {
      const token = readLinkToken(window.location.hash)
      setState(token === null ? { kind: 'none' } : { kind: 'ready', token })
    }
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])

  const post = async (token: string) => {
    setState({ kind: 'posting' })
    setState(await redeem(token))
  }

  return (
    <main className={styles.page}>
      <RefusedField />
      <div className={styles.box}>
        <p className={styles.mark}>
          <Mark size={24} />
          Descent
        </p>
        <h1 className={styles.title}>Sign in</h1>
        <p className={styles.text}>
          {state.kind === 'none' || state.kind === 'refused'
            ? 'With a one-time link, made on the machine of the server.'
            : 'Your link is good for one sign-in on this browser.'}
        </p>
        {state.kind === 'refused' ? (
          <div className={styles.alert}>
            <Notice tone="problem" title="This link was used already or has expired">
              <p>A link works once, within 24 hours. Make a new one with the command below.</p>
            </Notice>
          </div>
        ) : null}
        {state.kind === 'away' ? (
          <div className={styles.alert}>
            <Notice tone="problem" title="The server did not answer">
              <p>Your link is not used up. Try again in a moment, or open it again.</p>
            </Notice>
          </div>
        ) : null}
        {state.kind === 'ready' || state.kind === 'reading' || state.kind === 'posting' ? (
          <Button
            className={styles.button}
            variant="filled"
            loading={state.kind === 'posting'}
            disabled={state.kind === 'reading'}
            onClick={() => {
              if (state.kind === 'ready') void post(state.token)
            }}
          >
            Sign in
          </Button>
        ) : (
          <PasteLink onToken={post} />
        )}
        <div className={styles.more}>
          <CodeBlock label="A new link, on the machine of the server" text={LINK_COMMAND} />
          <p className={styles.small}>The first start of a server prints a link as well; it makes the owner.</p>
        </div>
      </div>
    </main>
  )
}

/** For a link that was copied from a terminal: paste it whole, or its token. */
function PasteLink({ onToken }: { onToken: (token: string) => Promise<void> }) {
  const [value, setValue] = useState('')
  const [error, setError] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const token = readLinkToken(value)
    if (token === null) setError('This holds no token. Paste the whole link, as the command printed it.')
    else void onToken(token)
  }
  return (
    <form onSubmit={submit} noValidate>
      <PasswordInput
        label="Sign-in link"
        placeholder="http://…/sign-in#…"
        autoComplete="one-time-code"
        value={value}
        error={error}
        onChange={(event) => {
          setValue(event.currentTarget.value)
          setError(null)
        }}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the link' }}
      />
      <Button className={styles.button} mt={12} variant="filled" type="submit">
        Sign in
      </Button>
    </form>
  )
}

/** Posts the token; goes on to the workspace when it is good. */
async function redeem(token: string): Promise<State> {
  try {
    const { signIn } = await import('next-auth/react')
    const answer = await signIn('link', { token, redirect: false })
    if (answer?.ok && !answer.error) {
      window.location.replace(paths.home())
      return { kind: 'posting' }
    }
    if (answer && answer.status >= 500) return { kind: 'away' }
    window.history.replaceState(null, '', paths.signIn())
    return { kind: 'refused' }
  } catch {
    return { kind: 'away' }
  }
}
