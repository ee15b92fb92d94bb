/** The mean of numbers, of which there is at least one. */
export const mean = (numbers: ReadonlyArray<number>): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length
