import { Effect, Schema } from "effect"
import { RuntimeError, RuntimeReason, StatusFailed } from "../errors.ts"
import { library } from "./library.ts"

const codes: ReadonlyArray<string> = [
  "OK",
  "FAIL",
  "INVALID_ARGUMENT",
  "NO_SUCHFILE",
  "NO_MODEL",
  "ENGINE_ERROR",
  "RUNTIME_EXCEPTION",
  "INVALID_PROTOBUF",
  "MODEL_LOADED",
  "NOT_IMPLEMENTED",
  "INVALID_GRAPH",
  "EP_FAIL",
  "MODEL_LOAD_CANCELED",
  "MODEL_REQUIRES_COMPILATION",
  "NOT_FOUND",
  "DEVICE_RESET"
]

/** How messages name the node that failed: at a run, without a kernel, in a model that is not valid, of a wrong type or shape. */
const nodeName = /Name:'([^']+)'|node with name '([^']+)'|In Node, \("([^"]+)"|in node \(([^)]+)\)|Node \(([^)]+)\) Op/

/** What a status says, and frees it; nothing when the call went well. */
export const takeStatus = (
  status: bigint | null,
  shapes: Readonly<Record<string, ReadonlyArray<number>>> = {}
): StatusFailed | undefined => {
  if (status === null) return undefined
  const { functions } = library()
  const code = functions.GetErrorCode(status)
  const detail = functions.GetErrorMessage(status).trim()
  functions.ReleaseStatus(status)
  const node = nodeName
    .exec(detail)
    ?.slice(1)
    .find((name) => name)
  return new StatusFailed({ code: codes[code] ?? String(code), detail, shapes, ...(node ? { node } : {}) })
}

/** Throws what a status says, if it says anything. */
export const check = (status: bigint | null): void => {
  const failed = takeStatus(status)
  if (failed) throw failed
}

/** The address that a function writes into its last argument. */
export const created = (create: (out: BigUint64Array) => bigint | null): bigint => {
  const out = new BigUint64Array(1)
  check(create(out))
  return out[0] ?? 0n
}

const isReason = Schema.is(RuntimeReason)

/** What was being done, and to what: the first half of a message. */
export type Doing = Pick<RuntimeError, "action" | "subject">

/** The reason as an error of the channel; anything else is a bug of ours and becomes a defect. */
export const failWith = (doing: Doing, cause: unknown): Effect.Effect<never, RuntimeError> =>
  isReason(cause) ? Effect.fail(new RuntimeError({ ...doing, reason: cause })) : Effect.die(cause)

/** Runs calls that throw reasons. */
export const attempt = <A>(doing: Doing, f: () => A): Effect.Effect<A, RuntimeError> =>
  Effect.try({ try: f, catch: (cause) => cause }).pipe(Effect.catch((cause) => failWith(doing, cause)))
