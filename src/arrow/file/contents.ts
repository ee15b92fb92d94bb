/** First bytes, in Latin-1, of what a file may hold instead of text; the longest of each beginning first. */
const marks: ReadonlyArray<readonly [mark: string, title: string]> = [
  ["PAR1", "Parquet"],
  ["ARROW1", "an Arrow IPC file"],
  ["\xff\xff\xff\xff", "an Arrow IPC stream"],
  ["FEA1", "Feather version 1"],
  ["\x1f\x8b", "gzip"],
  ["\x28\xb5\x2f\xfd", "zstd"],
  ["PK\x03\x04", "a zip archive"],
  ["BZh", "bzip2"],
  ["\xfd7zXZ", "xz"],
  ["\xff\xfe\x00\x00", "text in UTF-32"],
  ["\x00\x00\xfe\xff", "text in UTF-32"],
  ["\xff\xfe", "text in UTF-16"],
  ["\xfe\xff", "text in UTF-16"]
]

/** How many bytes tell what a file holds. */
export const frontBytes = 8

/** What tar archives hold behind the name of their first member. */
const tar = { at: 257, mark: "ustar" }

/** What the first bytes of a file say it is, a tar archive where there are some hundred; undefined for text in UTF-8. */
export const contentOf = (front: Uint8Array): string | undefined => {
  const inHeader = Buffer.from(front.subarray(tar.at, tar.at + tar.mark.length)).toString("latin1")
  if (inHeader === tar.mark && front.subarray(0, tar.at).includes(0)) return "a tar archive"
  const text = Buffer.from(front.subarray(0, frontBytes)).toString("latin1")
  return marks.find(([mark]) => text.startsWith(mark))?.[1]
}
