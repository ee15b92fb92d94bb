/** The part of the library that is used: it comes without types. */
declare module "stopword" {
  /** Words of English that say little, in small letters. */
  export const eng: ReadonlyArray<string>
}
