import { randomUUID } from 'node:crypto'

const SANE = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,127}$/

/** Keeps a sane id that the caller sent, so that both logs name the request alike; makes one otherwise. */
export function requestIdFrom(sent: string | string[] | null | undefined): string {
  return typeof sent === 'string' && SANE.test(sent) ? sent : randomUUID()
}
