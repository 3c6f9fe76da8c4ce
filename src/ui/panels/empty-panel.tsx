import type { ReactNode } from 'react'
import { fieldName } from './field-format.ts'
import type { PanelValues } from './panel-values.ts'

/** Said in place of a drawing: what is missing, and what supplies it. */
export function EmptyPanel({ height, children }: { height: number; children: ReactNode }) {
  return (
    <div
      style={{
        ...{ display: 'flex', alignItems: 'center', minHeight: height, padding: 12, fontSize: '0.8125rem' },
        ...{ border: '1px dashed var(--line-2)', borderRadius: 'var(--radius-control)', color: 'var(--text-3)' },
      }}
    >
      <span>{children}</span>
    </div>
  )
}

/** No run has a value: which field lacks it. */
export function NoValues({
  fields,
  values,
  height,
}: {
  fields: readonly string[]
  values: PanelValues
  height: number
}) {
  const lacking = fields.filter((field) => (values.columns.get(field) ?? []).every((value) => value === null))
  const names = (lacking.length > 0 ? lacking : fields).map(fieldName).join(' and ')
  return (
    <EmptyPanel height={height}>
      {values.runs.length === 0
        ? 'No runs are shown. Change the search, or show hidden runs in the table.'
        : lacking.length > 0
          ? `None of these ${values.runs.length} runs has ${names}. Log it, or edit this panel to show another field.`
          : `No run has ${names} together. Edit this panel to show another field.`}
    </EmptyPanel>
  )
}
