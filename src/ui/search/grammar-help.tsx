import type { ReactElement } from 'react'
import { Popover } from '#src/ui/kit/popover.tsx'
import styles from './search.module.css'

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['replay', 'in the name, the note or a tag, in any case'],
  ['state = running and cost < 2', 'both; also or, not, ( )'],
  ['config.lr >= 1e-4', 'what the config holds; a number is no text: 1 is not "1"'],
  ['metrics.train/loss.min < 2', 'last (without a word), best, min, max, first, count'],
  ['eval.mmlu.delta < 0', 'score (without a word), delta, state'],
  ['tag in (keep, "seed 1")', 'one of a list; also not in'],
  ['name : sft, name ~ ^sft', 'contains; matches a regular expression; also !~'],
  ['cost is missing', 'what has no value; also is not missing'],
  ['created > -7d, duration > 2h', 'dates in UTC; 90s 15m 2h 3d'],
  ['ancestor(stage = base)', 'runs whose weights come from such a run; also descendant( )'],
  ['config.`data set` = a', 'keys with other characters in back-ticks'],
]

/** What a search can say, by examples, behind `button`. */
export function GrammarHelp({ button }: { button: ReactElement }) {
  return (
    <Popover position="bottom-end" shadow="md" width="min(560px, calc(100vw - 24px))" trapFocus returnFocus>
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown className={styles.help} aria-label="How to write a search">
        <table>
          <thead className="visually-hidden">
            <tr>
              <th scope="col">Search</th>
              <th scope="col">Finds</th>
            </tr>
          </thead>
          <tbody>
            {EXAMPLES.map(([search, meaning]) => (
              <tr key={search}>
                <td className="mono">{search}</td>
                <td>{meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p>
          A value that is missing passes no test; !=, !~ and not in are the opposites of =, ~ and in, and so it passes
          those.
        </p>
      </Popover.Dropdown>
    </Popover>
  )
}
