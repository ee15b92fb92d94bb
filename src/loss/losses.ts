import { crossEntropy } from "./likelihood/crossEntropy.ts"
import { nll } from "./likelihood/nll.ts"
import { raft } from "./likelihood/raft.ts"
import { selm } from "./optimism/selm.ts"
import { vpo } from "./optimism/vpo.ts"
import { xpo } from "./optimism/xpo.ts"
import { aot } from "./pair/aot.ts"
import { aotUnpaired } from "./pair/aotUnpaired.ts"
import { apoDown } from "./pair/apoDown.ts"
import { apoZero } from "./pair/apoZero.ts"
import { bco } from "./pair/bco.ts"
import { discopop } from "./pair/discopop.ts"
import { dpo } from "./pair/dpo.ts"
import { exo } from "./pair/exo.ts"
import { hinge } from "./pair/hinge.ts"
import { ipo } from "./pair/ipo.ts"
import { lengthNormalizedDpo } from "./pair/lengthNormalizedDpo.ts"
import { nca } from "./pair/nca.ts"
import { robust } from "./pair/robust.ts"
import { sppoHard } from "./pair/sppoHard.ts"
import { cpo } from "./referenceFree/cpo.ts"
import { orpo } from "./referenceFree/orpo.ts"
import { simpo } from "./referenceFree/simpo.ts"
import { bradleyTerry } from "./reward/bradleyTerry.ts"
import { apoZeroUnpaired } from "./row/apoZeroUnpaired.ts"
import { bcoUnpaired } from "./row/bcoUnpaired.ts"
import { kto } from "./row/kto.ts"
import { hellinger } from "./softLabel/hellinger.ts"
import { kl } from "./softLabel/kl.ts"
import { revKl } from "./softLabel/revKl.ts"
import { tv } from "./softLabel/tv.ts"

/** Every loss by its name in a pipeline. */
export const losses = {
  dpo,
  robust,
  hinge,
  ipo,
  exo,
  nca,
  bco,
  sppoHard,
  aot,
  aotUnpaired,
  apoZero,
  apoDown,
  discopop,
  lengthNormalizedDpo,
  revKl,
  kl,
  tv,
  hellinger,
  simpo,
  cpo,
  orpo,
  raft,
  nll,
  crossEntropy,
  xpo,
  selm,
  vpo,
  kto,
  apoZeroUnpaired,
  bcoUnpaired,
  bradleyTerry
} as const

/** The name of a loss. */
export type LossName = keyof typeof losses

/** A loss and its options, as one key and its value. */
export type LossChoice = {
  [K in LossName]: { readonly [P in K]: (typeof losses)[K]["options"]["Type"] }
}[LossName]
