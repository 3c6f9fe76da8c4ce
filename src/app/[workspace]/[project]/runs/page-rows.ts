/** Rows that the list of runs asks for at once: the server for the page, and the page for what is older. */
export const RUNS_PAGE_ROWS = 100
