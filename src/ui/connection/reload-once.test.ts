import { expect, test, vi } from 'vitest'
import { RELOAD_EVERY_MS } from '#src/ui/kit/missing-code.ts'
import { reloadOnce } from './reload-once.ts'

const NOW = 1_800_000_000_000

/** A server that answers or not, and whoever waits for its return. */
function server(answers: boolean) {
  const waiting = new Set<() => void>()
  return {
    waiting,
    look: () => Promise.resolve(answers),
    onReturn: (back: () => void) => {
      waiting.add(back)
      return () => void waiting.delete(back)
    },
    comeBack: () => {
      for (const back of [...waiting]) back()
    },
  }
}

function memory() {
  const kept = new Map<string, string>()
  return () => ({
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  })
}

test('where the server answers the page is loaded anew, and not again a moment later', async () => {
  const [reload, store] = [vi.fn(), memory()]
  reloadOnce(server(true), store, reload, () => NOW)
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(1))
  const later = server(true)
  reloadOnce(later, store, reload, () => NOW + 1000)
  await later.look()
  expect(reload).toHaveBeenCalledTimes(1)
  reloadOnce(later, store, reload, () => NOW + RELOAD_EVERY_MS)
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(2))
})

test('a server that is away is waited for, and its return loads the page once', async () => {
  const [away, reload] = [server(false), vi.fn()]
  reloadOnce(away, memory(), reload, () => NOW)
  await vi.waitFor(() => expect(away.waiting.size).toBe(1))
  expect(reload).not.toHaveBeenCalled()
  away.comeBack()
  expect([reload.mock.calls.length, away.waiting.size]).toEqual([1, 0])
})

test('taken back it loads nothing, before and after the server was asked', async () => {
  const [early, reload] = [server(true), vi.fn()]
  reloadOnce(early, memory(), reload)()
  await early.look()
  const late = server(false)
  const takeBack = reloadOnce(late, memory(), reload)
  await vi.waitFor(() => expect(late.waiting.size).toBe(1))
  takeBack()
  expect(late.waiting.size).toBe(0)
  expect(reload).not.toHaveBeenCalled()
})

test('where the browser keeps nothing the page is left as it is', async () => {
  const [answering, reload] = [server(true), vi.fn()]
  const blocked = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
  reloadOnce(answering, blocked, reload, () => NOW)
  await answering.look()
  expect(reload).not.toHaveBeenCalled()
})
