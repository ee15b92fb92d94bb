/**
 * Whether a path of a data set, below some root, stays below it on every platform.
 *
 * Domain   parts are separated by "/"; a backslash, a drive and ".." are refused wherever they stand.
 */
export const isInside = (path: string): boolean =>
  path !== "" &&
  !/[\\\0]/.test(path) &&
  path.split("/").every((part) => part !== "" && part !== ".." && part !== "." && !/^[A-Za-z]:/.test(part))
