import type { Phase } from "../../pipeline/mod.ts"

/** How far a phase is. */
export interface View {
  readonly phase: Phase
  readonly done: number
  /** Seconds since the phase began. */
  readonly seconds: number
  readonly detail: string
}

/** A length of time as a person says it. */
export const duration = (seconds: number): string => {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const speed = (perSecond: number): string => (perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(2))

const joined = (parts: ReadonlyArray<string>): string => parts.filter((part) => part !== "").join(", ")

/** The rate, the time left and the detail of a phase that runs. */
const pace = ({ detail, done, phase, seconds }: View): string => {
  const rate = seconds > 0 ? done / seconds : 0
  const left = rate > 0 && done < phase.total ? `${duration((phase.total - done) / rate)} left` : ""
  return joined([rate > 0 ? `${speed(rate)} ${phase.unit}/s` : "", left, detail])
}

/** One line for a phase that runs. */
export const runningLine = (view: View): string =>
  joined([`${view.phase.name}: ${view.done} of ${view.phase.total} ${view.phase.unit}`, pace(view)])

/** One line for a phase that ended. */
export const endedLine = ({ detail, done, phase, seconds }: View): string => {
  const count = done === phase.total ? String(done) : `${done} of ${phase.total}`
  return joined([`${phase.name}: ${count} ${phase.unit} in ${duration(seconds)}`, detail])
}

/** A bar for a phase that runs, at most `columns` wide. */
export const barLine = (view: View, columns: number): string => {
  const { done, phase } = view
  const share = phase.total === 0 ? 1 : Math.min(1, done / phase.total)
  const width = Math.max(10, Math.min(30, columns - 60))
  const full = Math.round(share * width)
  const bar = `${"█".repeat(full)}${"░".repeat(width - full)}`
  return `${phase.name} ${bar} ${done}/${phase.total} ${pace(view)}`.slice(0, Math.max(20, columns - 1))
}
