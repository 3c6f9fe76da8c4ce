import { type Block, type Inline, markdownBlocks } from '#src/core/format/markdown-blocks.ts'
import styles from './kit.module.css'

/** A short text of Markdown as people read it. */
export function MarkdownView({ text }: { text: string }) {
  return (
    <div className={styles.markdown}>
      {markdownBlocks(text).map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a text have no other identity than their place
        <BlockView key={i} block={block} />
      ))}
    </div>
  )
}

function BlockView({ block }: { block: Block }) {
  if (block.kind === 'code') return <pre>{block.text}</pre>
  if (block.kind === 'list') {
    const List = block.isOrdered ? 'ol' : 'ul'
    return (
      <List>
        {block.items.map((inlines, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <li key={i}>
            <Inlines inlines={inlines} />
          </li>
        ))}
      </List>
    )
  }
  return (
    <p data-heading={block.kind === 'heading' || undefined}>
      <Inlines inlines={block.inlines} />
    </p>
  )
}

function Inlines({ inlines }: { inlines: readonly Inline[] }) {
  return inlines.map((inline, i) => {
    const key = `${i} ${inline.text}`
    if (inline.kind === 'strong') return <strong key={key}>{inline.text}</strong>
    if (inline.kind === 'em') return <em key={key}>{inline.text}</em>
    if (inline.kind === 'code') return <code key={key}>{inline.text}</code>
    if (inline.kind === 'link')
      return (
        <a key={key} className="link" href={inline.href} rel="noreferrer">
          {inline.text}
        </a>
      )
    return <span key={key}>{inline.text}</span>
  })
}
