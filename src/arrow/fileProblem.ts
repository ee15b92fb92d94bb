import type { PlatformError } from "effect"
import { ArrowError, FileMissing, FileRefused } from "./errors.ts"

/** An error of the file system as an ArrowError about `path`. */
export const fileProblem =
  (action: "read" | "write", path: string) =>
  (cause: PlatformError.PlatformError): ArrowError =>
    new ArrowError({
      action,
      path,
      reason: cause.reason._tag === "NotFound" ? new FileMissing() : new FileRefused({ cause })
    })
