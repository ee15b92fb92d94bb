import { Effect } from "effect"
import type { Message } from "../../../schemas/mod.ts"
import { answer } from "./answer.ts"
import type { Talk, TalkOptions } from "./Talk.ts"

/** What was said, and how often the last question was asked again. */
interface State {
  readonly system: string | undefined
  readonly turns: ReadonlyArray<Message>
  readonly attempt: number
}

const commands = "/reset begins again, /system TEXT begins again under a system prompt, /retry answers anew, /exit ends"

const fresh = (system: string | undefined): State => ({ system, turns: [], attempt: 0 })

/** Answers the last question; one that cannot be answered is forgotten. */
const ask = Effect.fnUntraced(function* (talk: Talk, options: TalkOptions, state: State) {
  const { attempt, system, turns } = state
  const opening: ReadonlyArray<Message> = system === undefined ? [] : [{ role: "system", content: system }]
  return yield* answer(talk, options, { messages: [...opening, ...turns], attempt }).pipe(
    Effect.map((content): State => ({ ...state, turns: [...turns, { role: "assistant", content }] })),
    Effect.catch(({ message }) =>
      Effect.as(talk.note(`${message} (/reset begins again)`), { ...state, turns: turns.slice(0, -1) })
    )
  )
})

const retry = Effect.fnUntraced(function* (talk: Talk, options: TalkOptions, state: State) {
  const turns = state.turns.slice(0, state.turns.findLastIndex(({ role }) => role === "user") + 1)
  if (turns.length > 0) return yield* ask(talk, options, { ...state, turns, attempt: state.attempt + 1 })
  yield* talk.note("Cannot answer anew: found no question, wanted one before /retry")
  return state
})

const obey = Effect.fnUntraced(function* (talk: Talk, options: TalkOptions, asked: { line: string; state: State }) {
  const { line, state } = asked
  const [name = "", ...rest] = line.split(" ")
  const text = rest.join(" ").trim()
  if (name === "/exit") return undefined
  if (name === "/retry") return yield* retry(talk, options, state)
  if (name === "/reset" || name === "/system") {
    const system = name === "/reset" ? state.system : text || undefined
    yield* talk.note(
      system === undefined ? "A new conversation" : `A new conversation under the system prompt: ${system}`
    )
    return fresh(system)
  }
  yield* talk.note(name === "/help" ? commands : `Cannot do "${name}": found no such command; ${commands}`)
  return state
})

/** Answers line after line, until no more come or one is /exit; lines that begin with "/" are commands. */
export const converse = Effect.fnUntraced(function* (talk: Talk, options: TalkOptions) {
  let state: State | undefined = fresh(options.system)
  while (state !== undefined) {
    const line: string | undefined = yield* talk.next
    if (line === undefined) return
    const said = line.trim()
    if (said === "") continue
    const turns: ReadonlyArray<Message> = [...state.turns, { role: "user", content: said }]
    state = yield* said.startsWith("/")
      ? obey(talk, options, { line: said, state })
      : ask(talk, options, { ...state, turns, attempt: 0 })
  }
})
