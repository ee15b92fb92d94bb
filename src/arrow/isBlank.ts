/** Whether a line holds nothing but spaces and tabs. */
export const isBlank = (line: Uint8Array): boolean => line.every((byte) => byte === 0x20 || byte === 0x09)
