'use client'
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import {
  ADMIN_KEY_DAYS_MAX,
  KEY_SCOPES,
  type KeyScope,
  ROLE_PERMISSIONS,
  type Role,
} from '#src/core/roles/permissions.ts'
import { Select } from '#src/ui/kit/select.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from '../settings.module.css'
import { ShownOnce } from '../shown-once.tsx'

/** What a key's scope lets its holder do, in plain words. */
export const KEY_SCOPE_WORDS: Readonly<Record<KeyScope, string>> = {
  ingest: 'send data',
  read: 'read',
  admin: 'everything you may',
}

const DAY_MS = 86_400_000
const WHOLE = ''
const LIFETIMES = [
  { value: '1', label: '1 day' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'never', label: 'never' },
]

/** Makes a key; refusals stand at the field that they are about. */
export function MintKeyForm({ workspace, role }: { workspace: string; role: Role }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<KeyScope>('ingest')
  const [project, setProject] = useState<string>(WHOLE)
  const [days, setDays] = useState('90')
  const [missing, setMissing] = useState(false)
  const projects = useQuery(trpc.projects.list.queryOptions({ workspace }))
  const mint = useMutation(
    trpc.keys.mint.mutationOptions({
      onSuccess: async () => {
        setName('')
        await queryClient.invalidateQueries(trpc.keys.list.queryFilter({ workspace }))
      },
    }),
  )
  const mayAll = ROLE_PERMISSIONS[role].includes('key:manage-all')
  const failure = mint.error ? readFailure(mint.error) : null
  const at = (field: string) => (failure?.field === field ? failure.sentence : null)
  const elsewhere =
    failure && !['name', 'scope', 'project', 'expires_at'].includes(failure.field ?? '') ? failure.sentence : null

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (name.trim() === '') {
      setMissing(true)
      event.currentTarget.querySelector('input')?.focus()
      return
    }
    mint.mutate({
      workspace,
      name: name.trim(),
      scope,
      ...(project === WHOLE ? {} : { project }),
      ...(days === 'never' ? {} : { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
    })
  }

  return (
    <>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextInput
          label="Name"
          placeholder="gpu-box-1"
          autoComplete="off"
          value={name}
          error={missing ? 'Say what it is for, so that it can be found when it has to go.' : (at('name') ?? elsewhere)}
          onChange={(event) => {
            setName(event.currentTarget.value)
            setMissing(false)
          }}
        />
        <Select
          label="May"
          description={mayAll ? null : 'Owners and admins make admin keys.'}
          value={scope}
          error={at('scope')}
          data={KEY_SCOPES.map((value) => ({
            value,
            label: KEY_SCOPE_WORDS[value],
            disabled: value === 'admin' && !mayAll,
          }))}
          onChange={(value) => setScope(KEY_SCOPES.find((s) => s === value) ?? 'ingest')}
        />
        <Select
          label="Where"
          value={project}
          error={at('project')}
          data={[
            { value: WHOLE, label: 'whole workspace' },
            ...(projects.data ?? []).map((p) => ({ value: p.slug, label: p.name })),
          ]}
          onChange={(value) => setProject(value ?? WHOLE)}
        />
        <Select
          label="Ends after"
          description={scope === 'admin' ? `Admin keys end after ${ADMIN_KEY_DAYS_MAX} days at the latest.` : null}
          value={days}
          error={at('expires_at')}
          data={LIFETIMES.map((l) => ({
            ...l,
            disabled: scope === 'admin' && !(Number(l.value) <= ADMIN_KEY_DAYS_MAX),
          }))}
          onChange={(value) => setDays(value ?? '90')}
        />
        <Button variant="filled" type="submit" loading={mint.isPending}>
          Make key
        </Button>
      </form>
      {mint.data ? (
        <ShownOnce
          title={`Key ${mint.data.name}`}
          secret={mint.data.key}
          note="Copy it now: it is not shown again. Give it to the program as DESCENT_API_KEY."
        />
      ) : null}
    </>
  )
}
