import type { EdgeKind } from '../lineage/edge-kinds.ts'
import type { Adapter } from './fields.ts'

/** Methods that train an adapter beside frozen weights. */
const ADAPTER_METHODS = [
  'lora',
  'qlora',
  'dora',
  'adapter',
  'adapters',
  'prefix',
  'prefix-tuning',
  'prompt-tuning',
  'ia3',
]

/** True when a method by that name leaves the weights that it starts from as they are. */
export const isAdapterMethod = (method: string | null): boolean =>
  method !== null && ADAPTER_METHODS.includes(method.toLowerCase().replace(/[_\s]+/g, '-'))

/**
 * True when a stage can be undone: it trained an adapter that was not merged, so that the weights of its base are untouched and the
 * adapter can be left away. It says nothing of what the model keeps while the adapter is active: sequential LoRA lost 45.7 points where
 * full tuning lost 8.3 (TRACE, arXiv 2310.06762, table 1), so retention is measured beside it.
 *
 * @param of.edges kinds of the edges that lead to the stage
 */
export const isReversible = (of: {
  method: string | null
  adapter: Adapter | null
  edges: readonly EdgeKind[]
}): boolean =>
  of.adapter?.merged !== true && (of.adapter !== null || of.edges.includes('adapter_on') || isAdapterMethod(of.method))
