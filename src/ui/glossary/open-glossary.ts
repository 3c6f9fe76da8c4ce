import type { TermKey } from '#src/core/glossary/terms.ts'

/** Asked for by menus and words, wherever they stand. */
export const GLOSSARY_ASKED = 'descent:glossary'

/** Opens the glossary, at a term if one is named. */
export const openGlossary = (at: TermKey | null = null): void =>
  void window.dispatchEvent(new CustomEvent(GLOSSARY_ASKED, { detail: at }))
