/** An array literal made by hand: these values need no quoting. */
export const numbers = (values: readonly (number | null)[]): string => `{${values.map((v) => v ?? 'NULL').join(',')}}`
