import { Predicate } from "effect"

/** What is there, by the code that the system gives. */
const faults: Readonly<Record<string, string>> = {
  EISDIR: "a folder",
  EEXIST: "a file in the place of a folder",
  ENOTDIR: "a file in the place of a folder",
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "a disk that cannot be written"
}

const under = (value: unknown, key: string): unknown => (Predicate.hasProperty(value, key) ? value[key] : undefined)

/** What an error of the file system has found: `found …` where its code is known, else its own words. */
export const systemFault = (error: unknown): string => {
  const cause = under(under(error, "reason"), "cause")
  const code = String(under(cause, "code"))
  // Node says ENOENT of any folder that cannot be made
  if (code === "ENOENT" && under(cause, "syscall") === "mkdir") return "found a place where no folder can be made"
  const fault = faults[code]
  return fault === undefined ? String(under(error, "message") ?? error) : `found ${fault}`
}
