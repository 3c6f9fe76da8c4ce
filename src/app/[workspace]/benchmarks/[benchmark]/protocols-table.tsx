'use client'
import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsBoolean, useQueryState } from 'nuqs'
import type { BenchmarkPage } from '#src/protocol/benchmarks.ts'
import styles from '#src/ui/benchmarks/benchmarks.module.css'
import { PROTOCOL_FIELDS, PROTOCOL_WORDS, protocolName, protocolValue } from '#src/ui/benchmarks/field-words.ts'
import { Chip } from '#src/ui/kit/chip.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { paths } from '#src/ui/paths.ts'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'

type Protocol = BenchmarkPage['protocols'][number]

/** Protocols side by side: a column each, the default first; where one differs from the default its cell is marked. */
export function ProtocolsTable(props: { workspace: string; page: BenchmarkPage; whyNot: string | null }) {
  const { workspace, page, whyNot } = props
  const [all, setAll] = useQueryState('fields', parseAsBoolean.withDefault(false))
  const choose = useChoice(workspace, page.benchmark.slug)
  if (page.protocols.length === 0) return <p className="ink-3">None yet: the first evaluation brings its protocol.</p>
  const protocols = [...page.protocols].sort((a, b) => Number(b.is_default) - Number(a.is_default))
  const said = PROTOCOL_FIELDS.filter((field) => protocols.some((p) => protocolValue(field, p.fields[field]) !== null))
  const differing = said.filter((field) => protocols.some((p) => (p.differs as readonly string[]).includes(field)))
  const fields = all || protocols.length === 1 ? said : differing
  return (
    <>
      {protocols.length > 1 ? (
        <div className={styles.tools}>
          <Checkbox
            label={`all ${said.length} fields, not only the ${differing.length} that differ`}
            checked={all}
            onChange={(event) => void setAll(event.currentTarget.checked || null)}
          />
        </div>
      ) : null}
      {choose.error ? (
        <div className={styles.notices}>
          <Notice tone="problem" title="The default was not changed">
            <p>{readFailure(choose.error).sentence}</p>
          </Notice>
        </div>
      ) : null}
      <ScrollBox label="Protocols">
        <table className={styles.protocols}>
          <caption className="visually-hidden">Protocols and the fields in which they differ</caption>
          <thead>
            <tr>
              <td />
              {protocols.map((protocol) => (
                <th key={protocol.fingerprint} scope="col">
                  <Head
                    workspace={workspace}
                    protocol={protocol}
                    chosen={page.default_by === 'person'}
                    whyNot={whyNot}
                    busy={choose.isPending}
                    onChoose={(fingerprint) =>
                      choose.mutate({ workspace, benchmark: page.benchmark.slug, default_protocol: fingerprint })
                    }
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field}>
                <th scope="row">{PROTOCOL_WORDS[field]}</th>
                {protocols.map((protocol) => (
                  <td
                    key={protocol.fingerprint}
                    data-differs={(protocol.differs as readonly string[]).includes(field) || undefined}
                  >
                    <Value value={protocolValue(field, protocol.fields[field])} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </>
  )
}

function useChoice(workspace: string, benchmark: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMutation(
    trpc.benchmarks.edit.mutationOptions({
      onSuccess: (page) => queryClient.setQueryData(trpc.benchmarks.get.queryKey({ workspace, benchmark }), page),
    }),
  )
}

function Head(props: {
  workspace: string
  protocol: Protocol
  chosen: boolean
  whyNot: string | null
  busy: boolean
  onChoose: (fingerprint: string | null) => void
}) {
  const { protocol } = props
  const count = `${protocol.checkpoints} ${protocol.checkpoints === 1 ? 'checkpoint' : 'checkpoints'}`
  return (
    <div className={styles.protocolHead}>
      <Link href={paths.protocol(props.workspace, protocol.fingerprint)} prefetch={false}>
        {protocolName(protocol)}
      </Link>
      <span className={styles.protocolNote}>
        {count}, {protocol.metrics.join(', ')}
      </span>
      {protocol.is_default ? <Chip>default</Chip> : null}
      {props.whyNot !== null ? null : protocol.is_default ? (
        props.chosen ? (
          <Button size="compact-xs" loading={props.busy} onClick={() => props.onChoose(null)}>
            Leave it to the newest
          </Button>
        ) : null
      ) : (
        <Button size="compact-xs" loading={props.busy} onClick={() => props.onChoose(protocol.fingerprint)}>
          Make it the default
        </Button>
      )}
    </div>
  )
}

function Value({ value }: { value: string | null }) {
  if (value === null) return <span className="ink-3">not part of it</span>
  return value.length > 80 ? (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <code className={styles.long} tabIndex={0}>
      {value}
    </code>
  ) : (
    <span className={styles.said}>{value}</span>
  )
}
