/** Tokens that go through the head together, and where what the way back reads of them stands. */
interface HeadChunk {
  readonly from: number
  readonly to: number
  readonly room: string
  /** Whether that stays there from the way there on. */
  readonly kept: boolean
}

/** Chunks of `size` tokens that cover `count`; those of the first `kept` tokens have a room of their own, the others share one. */
export const chunksOf = (count: number, size: number, kept: number): ReadonlyArray<HeadChunk> =>
  Array.from({ length: Math.ceil(count / size) }, (_, i) => {
    const [from, to] = [i * size, Math.min(count, (i + 1) * size)]
    return to <= kept ? { from, to, room: `head.${i}`, kept: true } : { from, to, room: "head", kept: false }
  })
