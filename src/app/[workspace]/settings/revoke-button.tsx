'use client'
import { useState } from 'react'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'

/** Takes a right away after asking once more. `revoke` resolves when it is done and throws the refusal. */
export function RevokeButton(props: {
  what: string
  consequence: string
  why: string | null
  verb?: string
  /** The word for not doing it. */
  keep?: string
  revoke: () => Promise<unknown>
}) {
  const [state, setState] = useState<{ asking: boolean; busy: boolean; error: unknown }>({
    asking: false,
    busy: false,
    error: null,
  })
  const run = () => {
    setState({ asking: true, busy: true, error: null })
    props.revoke().then(
      () => setState({ asking: false, busy: false, error: null }),
      (error: unknown) => setState({ asking: true, busy: false, error }),
    )
  }
  const verb = props.verb ?? 'Revoke'
  return (
    <>
      <ExplainedButton
        size="compact-xs"
        why={props.why}
        onClick={() => setState({ asking: true, busy: false, error: null })}
      >
        {verb}
        <span className="visually-hidden"> {props.what}</span>
      </ExplainedButton>
      <Confirm
        opened={state.asking}
        title={`${verb} ${props.what}?`}
        verb={verb}
        busy={state.busy}
        error={state.error}
        keep={props.keep}
        onConfirm={run}
        onClose={() => setState({ asking: false, busy: false, error: null })}
      >
        {props.consequence}
      </Confirm>
    </>
  )
}
