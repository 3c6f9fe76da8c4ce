import { HARD_FIELDS, type ProtocolFields } from './protocol.ts'

/** The hard fields in which two protocols differ, in their fixed order; empty: comparable. */
export const differingFields = (a: ProtocolFields, b: ProtocolFields): (typeof HARD_FIELDS)[number][] =>
  HARD_FIELDS.filter((name) => (a[name] ?? null) !== (b[name] ?? null))
