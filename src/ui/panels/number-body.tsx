'use client'
import { formatExactCount } from '#src/core/format/count.ts'
import type { NumberContent } from '#src/core/panels/panel-content.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { BodyProps } from './body-props.ts'
import { EmptyPanel, NoValues } from './empty-panel.tsx'
import { AGGREGATE_WORDS, fieldName, fieldValue } from './field-format.ts'
import { PanelFigure } from './panel-figure.tsx'
import { countSentence, leftOutWords } from './panel-words.ts'
import styles from './panels.module.css'
import { type NumberModel, prepareNumber } from './prepare-number.ts'

/** One number for all runs that are shown, with its spread and how it stands against the baseline. */
export function NumberBody({ content, title, values, height, figure }: BodyProps<NumberContent>) {
  const number = prepareNumber(values, content)
  const sentence = countSentence(number.n, values, leftOutWords(number))
  const { field, aggregate } = content
  return (
    <PanelFigure
      frame={figure}
      sentence={sentence}
      table={tableOf(number, content, title, [`${sentence}.`, ...figure.notes])}
    >
      {number.problem !== null ? (
        <EmptyPanel height={height}>
          {fieldName(field)} {number.problem}.
        </EmptyPanel>
      ) : number.value === null ? (
        <NoValues fields={[field]} values={values} height={height} />
      ) : (
        <div className={styles.number} style={{ minHeight: height }}>
          <strong title={String(number.value)}>
            {aggregate === 'count' ? formatExactCount(number.value) : fieldValue(field, number.value)}
          </strong>
          <span>
            {AGGREGATE_WORDS[aggregate]} of {fieldName(field)}
            {aggregate === 'count' ? '' : ` over ${formatExactCount(number.n)} ${number.n === 1 ? 'run' : 'runs'}`}
          </span>
          {number.spread && number.n > 1 && aggregate !== 'count' ? (
            <span>
              {number.spread.sd === null ? '' : `SD ${fieldValue(field, number.spread.sd)}, `}
              {fieldValue(field, number.spread.min)} to {fieldValue(field, number.spread.max)}
            </span>
          ) : null}
          {number.change && number.baseline ? (
            <span>
              {number.change.arrow} {number.change.text}
              {number.change.word ? ` ${number.change.word}` : ''} against {number.baseline.name}{' '}
              {fieldValue(field, number.baseline.value)}
            </span>
          ) : null}
        </div>
      )}
    </PanelFigure>
  )
}

function tableOf(number: NumberModel, { field }: NumberContent, title: string, notes: readonly string[]): TableText {
  const { spread } = number
  const rows = spread
    ? (['mean', 'median', 'min', 'max', 'sum'] as const).map((aggregate) => [
        { text: AGGREGATE_WORDS[aggregate] },
        { text: fieldValue(field, spread[aggregate]) },
      ])
    : []
  if (spread?.sd != null) rows.push([{ text: 'standard deviation' }, { text: fieldValue(field, spread.sd) }])
  rows.push([{ text: AGGREGATE_WORDS.count }, { text: formatExactCount(number.n) }])
  return {
    title,
    table: {
      columns: [
        { name: 'Measure', align: 'left' },
        { name: fieldName(field), align: 'right' },
      ],
      rows,
    },
    footRows: 0,
    notes,
  }
}
