/** What one upload of files of scores may hold. Apart from the schemas, so that the page that says it carries none. */

/** Characters of all files of one upload; larger ones go by the command line, which reads them piece by piece. */
export const SCORE_FILES_CHARACTERS_MAX = 12 * 1024 * 1024
export const SCORE_FILES_MAX = 200
/** Scores of one upload: they are written in one transaction. */
export const SCORES_MAX = 2000
