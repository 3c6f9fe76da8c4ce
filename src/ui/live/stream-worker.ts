/** Runs once for all tabs of a browser, which share its streams (`stream-sharer.ts`). */
import type { FromWorker, ToWorker } from './stream-messages.ts'
import { HERE_MS } from './stream-messages.ts'
import { type SharedReader, SILENT_MS, StreamSharer } from './stream-sharer.ts'

interface Tab {
  port: MessagePort
  readers: Map<number, SharedReader>
  heardMs: number
}

const sharer = new StreamSharer((url) => new EventSource(url))
const tabs = new Set<Tab>()

globalThis.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports
  if (!port) return
  const tab: Tab = { port, readers: new Map(), heardMs: Date.now() }
  tabs.add(tab)
  port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    tab.heardMs = Date.now()
    // One that was taken for gone is there after all.
    tabs.add(tab)
    take(tab, data)
    if ('open' in data || 'here' in data) port.postMessage({ heard: true } satisfies FromWorker)
  }
})

function take(tab: Tab, message: ToWorker): void {
  if ('open' in message) {
    const { open: of, url } = message
    const reader: SharedReader = {
      url,
      tell: (name, data) => tab.port.postMessage({ of, name, data } satisfies FromWorker),
    }
    tab.readers.set(of, reader)
    sharer.read(reader)
  } else if ('close' in message) {
    const reader = tab.readers.get(message.close)
    if (reader) sharer.leave(reader)
    tab.readers.delete(message.close)
  } else if ('leave' in message) drop(tab)
}

function drop(tab: Tab): void {
  tabs.delete(tab)
  for (const reader of tab.readers.values()) {
    sharer.leave(reader)
    reader.tell('error', null)
  }
  tab.readers.clear()
}

setInterval(() => {
  for (const tab of tabs) if (Date.now() - tab.heardMs > SILENT_MS) drop(tab)
}, HERE_MS)
