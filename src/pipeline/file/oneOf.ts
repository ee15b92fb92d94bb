export { oneOf, type OneOf } from "../../../schemas/mod.ts"
