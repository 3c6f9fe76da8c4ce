/** The command with which a machine becomes an agent; its queues are in the token. */
export const joinCommand = (origin: string, token: string): string =>
  [
    'npx descent agent \\',
    `  --server ${origin} \\`,
    '  --recipes workers/recipes/recipes.yaml \\',
    `  --token ${token}`,
  ].join('\n')

/** The public part of a token, by which it is revoked: the ten characters after its type. */
export const tokenId = (token: string): string => token.slice(token.indexOf('-') + 1).slice(0, 10)
