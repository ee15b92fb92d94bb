import type { Sizes, Stage } from "./Stage.ts"
import { elementsOf } from "./stripSizes.ts"
import type { Workspace } from "./Workspace.ts"

/** Where what a stage saves stands in a workspace, under the name of a room. */
export const savedIn =
  (workspace: Workspace) =>
  (stage: Stage, room: string, sizes: Sizes): Readonly<Record<string, Float32Array>> =>
    Object.fromEntries(
      stage.saved.map(({ name, shape }) => [name, workspace.take(`${room}.${name}`, elementsOf(shape, sizes))])
    )
