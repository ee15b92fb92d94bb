/** Archives by the endings of their names. */
const archives: ReadonlyArray<readonly [ending: RegExp, title: string]> = [
  [/\.zip$/i, "a zip archive"],
  [/\.(tar|tar\.(gz|bz2|xz|zst)|tgz|tbz2?|txz)$/i, "a tar archive"],
  [/\.7z$/i, "a 7-Zip archive"],
  [/\.rar$/i, "a RAR archive"]
]

/** What archive a name says that a file is: several files in one, which are not looked into; undefined where it is none. */
export const archiveOf = (path: string): string | undefined => archives.find(([ending]) => ending.test(path))?.[1]
