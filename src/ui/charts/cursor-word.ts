/** The word of the address that keeps a pinned crosshair. */
export const CURSOR_WORD = 'at'
