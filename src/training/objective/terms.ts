import type { Value } from "../../graph/mod.ts"
import type { Pair, PairTerms, RewardTerms, RowTerms } from "../../loss/mod.ts"
import { sumPerSequence } from "../../model/mod.ts"
import type { BatchInputName } from "./batchInputs.ts"
import type { Readings } from "./Readings.ts"

/** A value that is made when it is first asked for. */
const once = <A>(make: () => A): (() => A) => {
  const made: Array<A> = []
  return () => {
    const value = made[0] ?? make()
    made[0] = value
    return value
  }
}

/** Both sides of a pair, each made when it is first read. */
const sides = (chosen: () => Value, rejected: () => Value): Pair => {
  const [better, worse] = [once(chosen), once(rejected)]
  return {
    get chosen() {
      return better()
    },
    get rejected() {
      return worse()
    }
  }
}

/** What a loss over pairs reads, of a batch of pairs. */
export const pairTerms = ({ op, said, batch }: Readings): PairTerms => {
  const sum = (member: BatchInputName) => (): Value => sumPerSequence(op, batch(member), said)
  const given = (name: BatchInputName) => (): Value => batch(name)
  return {
    policy: sides(sum("memberChosen"), sum("memberRejected")),
    whole: sides(sum("wholeChosen"), sum("wholeRejected")),
    reference: sides(given("referenceChosen"), given("referenceRejected")),
    length: sides(given("lengthChosen"), given("lengthRejected")),
    wholeLength: sides(given("wholeLengthChosen"), given("wholeLengthRejected")),
    get margin() {
      return batch("margin")
    },
    get fromReference() {
      return batch("fromReference")
    }
  }
}

/** What a loss over single responses reads, of a batch of single responses or of pairs. */
export const rowTerms = ({ op, said, detached, batch }: Readings): RowTerms => {
  const policy = once(() => sumPerSequence(op, batch("memberRows"), said))
  const elsewhere = once(() => sumPerSequence(op, batch("memberMismatched"), detached()))
  return {
    get policy() {
      return policy()
    },
    get reference() {
      return batch("referenceRows")
    },
    get length() {
      return batch("lengthRows")
    },
    get desirable() {
      return batch("desirable")
    },
    get mismatched() {
      return { policy: elsewhere(), reference: batch("referenceMismatched") }
    },
    get runningReward() {
      return batch("runningReward")
    }
  }
}

/** What a loss over rewards reads, of a batch of pairs. */
export const rewardTerms = ({ op, said, batch }: Readings): RewardTerms => {
  const side = (i: number) => once(() => op.Squeeze(op.Slice(said, { starts: [i], ends: [i + 1], axes: [1] }), [1]))
  const [chosen, rejected] = [side(0), side(1)]
  return {
    get chosen() {
      return chosen()
    },
    get rejected() {
      return rejected()
    },
    get margin() {
      return batch("margin")
    }
  }
}
