/** Half width of a 95 % normal interval, in standard errors. */
export const Z95 = 1.96
