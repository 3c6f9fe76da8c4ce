import { formatDuration } from '#src/core/format/duration.ts'
import { formatValue } from '#src/core/format/number.ts'
import { Matched } from './matched.tsx'
import styles from './search.module.css'
import type { CatalogueEntry, Suggestion } from './suggestions.ts'
import { ValueBars } from './value-bars.tsx'

/** The list under the search field: what may stand at the caret, its kind, how its values spread, their range, and how many runs. */
export function SuggestionList(props: {
  id: string
  suggestions: readonly Suggestion[]
  active: number | null
  typed: string
  caption: string
  error: string | null
  onChoose: (insert: string) => void
}) {
  const { id, suggestions, active, typed, caption, error, onChoose } = props
  const isCounted = suggestions.some(({ runs }) => runs !== null)
  return (
    <>
      <div className={styles.caption}>
        <span>{caption}</span>
        {isCounted ? <span>runs</span> : null}
      </div>
      <div className={styles.lines} role="listbox" id={`${id}-list`} aria-label={caption}>
        {suggestions.map((suggestion, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input holds the focus and chooses by key (aria-activedescendant).
          <div
            key={suggestion.insert}
            id={`${id}-${i}`}
            className={styles.suggestion}
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            onClick={() => onChoose(suggestion.insert)}
          >
            <span className={styles.suggested}>
              <Matched text={suggestion.insert} part={typed} />
            </span>
            <span className={styles.kind} data-wide={suggestion.entry === null || undefined}>
              {suggestion.kind}
            </span>
            {suggestion.entry ? (
              <>
                <ValueBars bars={suggestion.entry.bars} width={36} height={16} />
                <span className={styles.range}>{rangeWords(suggestion.entry)}</span>
              </>
            ) : null}
            <span className={styles.count}>{suggestion.runs === null ? '' : suggestion.runs.toLocaleString('en')}</span>
          </div>
        ))}
      </div>
      <div className={styles.foot}>
        <span>
          <kbd className={styles.key}>↑</kbd> <kbd className={styles.key}>↓</kbd> choose
        </span>
        <span>
          <kbd className={styles.key}>Tab</kbd> complete
        </span>
        <span>
          <kbd className={styles.key}>Enter</kbd> apply
        </span>
        {error ? <span className={styles.footError}>Expected {error}</span> : null}
      </div>
    </>
  )
}

/** `0.039 – 0.555`, one value where all are alike, or the most common texts. */
function rangeWords({ kind, range, values }: CatalogueEntry): string {
  if (range === null) return values.join(', ')
  const write = kind === 'moment' ? dayOf : kind === 'duration' ? formatDuration : formatValue
  const [first, last] = [write(range[0]), write(range[1])]
  return first === last ? first : `${first} – ${last}`
}

/** As the grammar writes a day, in UTC. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
