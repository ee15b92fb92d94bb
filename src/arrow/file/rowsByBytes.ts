import { Result } from "effect"
import { NulFound } from "../errors.ts"
import { cut } from "./Cutter.ts"
import { decodeText } from "./decodeText.ts"
import { documentCutter } from "./documentCutter.ts"
import { foundRow, trouble } from "./Found.ts"
import { lineCutter } from "./lineCutter.ts"
import { parseObject } from "./parseObject.ts"
import type { Reader } from "./Source.ts"
import { textOf } from "./textOf.ts"

/** One JSON object per line; blank lines are skipped. */
export const jsonLineRows: Reader = (source) => {
  const { path, options } = source
  return textOf(source).pipe(
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

/** The objects of a JSON document. */
export const documentRows: Reader = (source) => textOf(source).pipe(cut(() => documentCutter(source)))

/** Lines of text as objects `{ text }`; blank lines are skipped. */
export const textRows: Reader = (source) => {
  const { path, options } = source
  return textOf(source).pipe(
    cut(() =>
      lineCutter(path, options.maxLineBytes, (bytes, number) => {
        const place = { place: "line", number, field: "" } as const
        const nul = bytes.indexOf(0)
        if (nul >= 0) return trouble(path, new NulFound({ ...place, byte: nul }))
        return Result.match(decodeText(bytes, place), {
          onSuccess: (text) => foundRow("line", number, { text }),
          onFailure: (reason) => trouble(path, reason)
        })
      })
    )
  )
}
