/** Booleans as Arrow keeps them: one bit each, least significant first, in whole words of 64. */
export const packBits = (length: number, isSet: (index: number) => boolean): Uint8Array => {
  const bits = new Uint8Array(Math.ceil(length / 64) * 8)
  for (let i = 0; i < length; i++) if (isSet(i)) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7))
  return bits
}
