'use client'
import { Button } from '@mantine/core'
import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PublishedTable } from '#src/protocol/publish.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { RequestCode } from '#src/ui/kit/request-code.tsx'
import { saveFile } from '#src/ui/kit/save-file.ts'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import styles from './publish.module.css'
import { FORM_WORDS, type Form, formOf } from './publish-look.ts'

/** A table as text that others paste: one form at a time, with the cells of the screen. */
export function TextForms(props: {
  document: Pick<PublishedTable, 'title' | 'table' | 'foot_rows' | 'notes'>
  forms: readonly Form[]
  form: Form
  onForm: (form: Form) => void
  /** Of the file, without its end. */
  name: string
  /** Below /api/v1, with its query: what a program asks for the same. */
  request: { path: string; query: Readonly<Record<string, string>> }
  /** The model card, where there is one. */
  card?: ReactNode
}) {
  const { document, forms, form, onForm, name, request, card } = props
  return (
    <Section
      title="As text"
      note="the same cells"
      actions={
        <Select
          aria-label="Form"
          w={190}
          value={form}
          data={forms.map((value) => ({ value, label: FORM_WORDS[value].word }))}
          onChange={(value) => onForm(forms.find((one) => one === value) ?? 'markdown')}
        />
      }
    >
      {form === 'card' ? (
        card
      ) : form === 'request' ? (
        <div className={styles.text}>
          <RequestCode path={request.path} query={request.query} />
        </div>
      ) : (
        <SavedText form={form} name={name} text={formOf(form, document)} />
      )}
    </Section>
  )
}

/** The text with its copy button, and a file of it. */
export function SavedText({ form, name, text }: { form: Form; name: string; text: string }) {
  const { word, type, end } = FORM_WORDS[form]
  return (
    <div className={styles.text}>
      <CodeBlock label={word} text={text} />
      <Button
        size="compact-xs"
        mt={8}
        maw="100%"
        leftSection={<Download size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => saveFile(`${name}.${end}`, type, text)}
      >
        Save as {name}.{end}
      </Button>
    </div>
  )
}
