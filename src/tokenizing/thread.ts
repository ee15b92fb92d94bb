/** The thread that reads long texts: it holds a tokenizer of its own, made of the same files, and does one job after another. */
import { parentPort, workerData } from "node:worker_threads"
import { Result, Schema } from "effect"
import { makeTokenizer, TextError, type Tokenizer } from "../text/mod.ts"
import { type JobName, runJob } from "./jobs.ts"
import type { Answer, Asked, TokenizerData } from "./protocol.ts"

const data = workerData as TokenizerData // as: openThread starts this file, and nobody else
const tokenizer: Tokenizer = { ...Result.getOrThrow(makeTokenizer(data.files)), ...data }
const encodeError = Schema.encodeSync(TextError)

const answer = ({ id, name, rest }: Asked<JobName>): Answer =>
  Result.match(runJob(name, tokenizer, rest), {
    onSuccess: (given) => ({ id, given }),
    onFailure: (error) => ({ id, failed: encodeError(error) })
  })

parentPort?.on("message", (asked: Asked<JobName>) => parentPort?.postMessage(answer(asked)))
