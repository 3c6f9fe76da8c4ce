/** Keys that pages bind by name (`ui/keys/use-key.ts`); apart from the list of all keys, which no page needs until it is opened. */
export const NAMED_KEYS = {
  'list-of-keys': '?',
  'next-difference': 'n',
  'previous-difference': 'p',
} as const
export type KeyName = keyof typeof NAMED_KEYS
