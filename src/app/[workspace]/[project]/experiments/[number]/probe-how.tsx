import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import styles from './stage-probes.module.css'

/** Views of a stage that have a name, and how each is logged. */
const VIEWS = {
  pairs: {
    title: 'Form and content, process and final answer',
    text: 'Two benchmarks that measure two sides of one task. Name the other side once; both then stand side by side.',
    code: `run.log_eval({"slug": "notes-form", "category": "format", "kind": "accuracy", "higher_is_better": True,
              "part": "form", "pair": "notes-content"}, items=items, metric="acc")`,
  },
  domains: {
    title: 'Four facets of a domain',
    text: 'Terminology, patterns, reasoning and facts: one benchmark for each, or one whose items carry the label “facet”.',
    code: `run.log_eval({"slug": "law-exam", "category": "domain", "kind": "accuracy", "higher_is_better": True,
              "domain": "law"}, metric="acc",
             items=[{"id": "q1", "score": 1, "tags": {"facet": "terminology"}}, …])`,
  },
  recall: {
    title: 'Recall of taught facts',
    text: 'Items that carry the label “fact”: taught (as in the training data), paraphrased (in other words), unrelated (never taught).',
    code: `run.log_eval("new-facts", metric="acc",
             items=[{"id": "q1", "score": 1, "tags": {"fact": "taught"}},
                    {"id": "q2", "score": 0, "tags": {"fact": "paraphrased"}},
                    {"id": "q3", "score": 0, "tags": {"fact": "unrelated"}}, …])`,
  },
} as const
export type ProbeView = keyof typeof VIEWS

/** What was not logged, in one line that opens to how it is. */
export function ProbeHow({ views }: { views: readonly ProbeView[] }) {
  if (views.length === 0) return null
  return (
    <details className={styles.how}>
      <summary>
        Not logged here: {views.map((view) => VIEWS[view].title.toLowerCase()).join('; ')}.{' '}
        <span className={styles.more}>How to log</span>
      </summary>
      {views.map((view) => (
        <div key={view}>
          <h3>{VIEWS[view].title}</h3>
          <p>{VIEWS[view].text}</p>
          <CodeBlock wrap label="From Python, after a checkpoint was saved:" text={VIEWS[view].code} />
        </div>
      ))}
    </details>
  )
}
