'use client'
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { formatBytes } from '#src/core/format/bytes.ts'
import { SCORE_FILES_CHARACTERS_MAX } from '#src/core/imports/upload-limits.ts'
import type { ScoreFilesReport } from '#src/protocol/imports.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { paths } from '#src/ui/paths.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './add.module.css'
import { ChooseFiles } from './choose-files.tsx'
import { Faults, FilesFound, MeansFound, ScoresFound } from './found-tables.tsx'
import { countOf, leftOutWords, sentenceOf, whyNot } from './found-words.ts'

interface Place {
  workspace: string
  project: string
}

/** Files of scores: chosen, read, looked at, and then written in one go. */
export function AddResultsView({ mayWrite, ...place }: Place & { mayWrite: boolean }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [files, setFiles] = useState<ScoreFilesChosen>([])
  const [checkpoint, setCheckpoint] = useState('')
  const [tooLarge, setTooLarge] = useState<string | null>(null)
  const look = useMutation(trpc.imports.scores.mutationOptions())
  const write = useMutation(
    trpc.imports.scores.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.evaluations.pathFilter()),
    }),
  )
  const ask = (chosen: ScoreFilesChosen) => {
    write.reset()
    look.mutate({ ...place, files: chosen, checkpoint, write: false })
  }
  const take = async (chosen: readonly File[]) => {
    if (chosen.length === 0) return
    const size = chosen.reduce((sum, file) => sum + file.size, 0)
    setTooLarge(
      size > SCORE_FILES_CHARACTERS_MAX
        ? `The files have ${formatBytes(size)}, more than the ${formatBytes(SCORE_FILES_CHARACTERS_MAX)} that a page takes. The command line reads files of any size.`
        : null,
    )
    if (size > SCORE_FILES_CHARACTERS_MAX) return
    const read = await Promise.all(chosen.map(async (file) => ({ name: file.name, text: await file.text() })))
    setFiles(read)
    ask(read)
  }
  const report = write.data ?? look.data
  const error = look.error ?? write.error
  return (
    <Page>
      <PageHead title="Add results" sentence={report ? sentenceOf(report) : 'From files, into one project.'} />
      {mayWrite ? (
        <ChooseFiles busy={look.isPending} onFiles={(chosen) => void take(chosen)} />
      ) : (
        <Notice tone="plain" title="Your role here can look but not add results">
          <p>Editors, admins and owners of the workspace do.</p>
        </Notice>
      )}
      {tooLarge ? (
        <div className={styles.said}>
          <Notice tone="problem" title="Too much for one page">
            <p>{tooLarge}</p>
          </Notice>
        </div>
      ) : null}
      {error ? (
        <div className={styles.said}>
          <Notice tone="problem" title="The files were refused; nothing is written">
            <p>{readFailure(error).sentence}</p>
          </Notice>
        </div>
      ) : null}
      {report ? (
        <Found
          {...place}
          report={report}
          checkpoint={checkpoint}
          setCheckpoint={setCheckpoint}
          onAgain={() => ask(files)}
          isLooking={look.isPending}
          isWriting={write.isPending}
          read={look.variables?.checkpoint ?? ''}
          onWrite={() => look.variables && write.mutate({ ...look.variables, write: true })}
        />
      ) : (
        <Columns {...place} />
      )}
    </Page>
  )
}

const OTHER_CHECKPOINT = 'What was read is for another checkpoint than the one named here: read again first.'

type ScoreFilesChosen = { name: string; text: string }[]

function Found(
  props: Place & {
    report: ScoreFilesReport
    checkpoint: string
    setCheckpoint: (name: string) => void
    onAgain: () => void
    isLooking: boolean
    isWriting: boolean
    /** The checkpoint that the report is about. */
    read: string
    onWrite: () => void
  },
) {
  const { report, workspace, project } = props
  const { totals } = report
  return (
    <>
      <div className={styles.act}>
        {report.written ? (
          <p role="status" className={styles.done}>
            {countOf(totals.new, 'score')} written.{' '}
            <Link className="link" href={paths.evaluations(workspace, project)}>
              See them among the evaluations
            </Link>
          </p>
        ) : (
          <>
            <CheckpointField {...props} />
            <ExplainedButton
              variant="filled"
              loading={props.isWriting}
              why={whyNot(report) ?? (props.checkpoint === props.read ? null : OTHER_CHECKPOINT)}
              onClick={props.onWrite}
            >
              Write {countOf(totals.new, 'score')}
            </ExplainedButton>
            {totals.left_out > 0 ? <span className="ink-2">{leftOutWords(report)}</span> : null}
          </>
        )}
      </div>
      <Faults report={report} />
      <MeansFound report={report} />
      <FilesFound report={report} />
      <ScoresFound {...props} />
    </>
  )
}

/** For rows without a checkpoint, and for results of a model by a name that nobody here knows. */
function CheckpointField(props: {
  checkpoint: string
  setCheckpoint: (name: string) => void
  onAgain: () => void
  isLooking: boolean
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    props.onAgain()
  }
  return (
    <form className={styles.checkpoint} onSubmit={submit}>
      <TextInput
        label="Checkpoint where the files name none"
        placeholder="stage, stage@step, id or path"
        value={props.checkpoint}
        onChange={(event) => props.setCheckpoint(event.currentTarget.value)}
      />
      <Button type="submit" loading={props.isLooking}>
        Read again
      </Button>
    </form>
  )
}

function Columns({ project }: Place) {
  return (
    <div className={styles.columns}>
      <p>
        A table needs the columns <code>benchmark</code> and <code>score</code>. It may have <code>checkpoint</code>,{' '}
        <code>metric</code>, <code>scale</code>, <code>stderr</code>, <code>n</code>, <code>seed</code>,{' '}
        <code>task</code>, <code>harness</code>, <code>harness_version</code>, <code>shots</code>, <code>template</code>
        , <code>revision</code>, <code>split</code>, <code>measured_at</code>, <code>source</code>; and for a benchmark
        that the workspace does not know yet <code>category</code>, <code>kind</code>, <code>higher_is_better</code>,{' '}
        <code>chance</code>.
      </p>
      <CodeBlock
        label="For example:"
        text={
          'checkpoint,benchmark,metric,score,n,shots,harness,category\nsft,mmlu,acc,0.612,14042,5,lm-eval,knowledge'
        }
      />
      <CodeBlock
        label="The same from a terminal, for files of any size:"
        text={`npx descent import lm-eval PATH --project ${project}`}
      />
    </div>
  )
}
