/** What a YAML file is, before it is known which schema reads it. */
export { fileKind } from "./fileKind.ts"
export { readYaml } from "./readDocument.ts"
