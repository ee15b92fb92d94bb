import { Result } from "effect"
import { bytesOf } from "./bytesOf.ts"
import { cut } from "./Cutter.ts"
import { foundRow, trouble } from "./Found.ts"
import { lineCutter } from "./lineCutter.ts"
import { parseObject } from "./parseObject.ts"
import type { Reader } from "./Source.ts"

/** One JSON object per line; blank lines are skipped. */
export const jsonLineRows: Reader = (source) => {
  const { path, options } = source
  return bytesOf(source).pipe(
    cut(() =>
      lineCutter(path, options.maxLineBytes, (bytes, number) =>
        Result.match(parseObject(bytes, { place: "line", number }, options), {
          onSuccess: (value) => foundRow("line", number, value),
          onFailure: (reason) => trouble(path, reason)
        })
      )
    )
  )
}
