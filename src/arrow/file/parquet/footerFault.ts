import type { ColumnChunk, ColumnMetaData, FileMetaData, RowGroup, SchemaTree } from "hyparquet"
import { parquetSchema } from "hyparquet"
import { getTreePath } from "hyparquet/src/schema.js"
import { levelsOf } from "./pageLevels.ts"

/** Magic in front of the first column. */
const frontBytes = 4
/** Values of a column of one row group that fit into memory here, absent ones included. */
const mostValues = 2 ** 26
const repetitions = new Set(["REQUIRED", "OPTIONAL", "REPEATED"])

/** What older readers are told of a column beside its logical type. */
const twins: Readonly<Record<string, string>> = { STRING: "UTF8", LIST: "LIST", MAP: "MAP", ENUM: "ENUM", DATE: "DATE" }

interface Leaf {
  readonly path: ReadonlyArray<string>
  readonly type: string | undefined
  readonly isFlat: boolean
}

const leavesOf = (tree: SchemaTree, root: SchemaTree): ReadonlyArray<Leaf> => {
  if (tree.children.length > 0) return tree.children.flatMap((child) => leavesOf(child, root))
  const isFlat = levelsOf(getTreePath(root, tree.path)).repetition === 0
  return [{ path: tree.path, type: tree.element.type, isFlat }]
}

const schemaFault = (tree: SchemaTree, leaves: ReadonlyArray<Leaf>, elements: FileMetaData["schema"]) => {
  if (tree.count !== elements.length) return `${elements.length} columns, ${tree.count} in its tree`
  const odd = elements.slice(1).find(({ repetition_type }) => !repetitions.has(repetition_type ?? ""))
  if (odd !== undefined) return `column "${odd.name}" that is neither required nor optional nor repeated`
  const torn = elements.find(({ logical_type: told, converted_type: older }) => {
    const wanted = told === undefined ? undefined : twins[told.type]
    return wanted !== undefined && older !== undefined && older !== wanted
  })
  if (torn !== undefined) return `column "${torn.name}" as ${torn.logical_type?.type} and ${torn.converted_type}`
  const bare = leaves.find(({ type }) => type === undefined)
  return bare === undefined ? undefined : `column "${bare.path.join(".")}" without a known type`
}

/** Where the bytes of a column lie; writers that have no dictionary name none, or byte 0. */
export const rangeOf = (column: ColumnMetaData): { readonly start: number; readonly end: number } => {
  const dictionary = Number(column.dictionary_page_offset ?? 0)
  const data = Number(column.data_page_offset)
  const start = dictionary > 0 && dictionary < data ? dictionary : data
  return { start, end: start + Number(column.total_compressed_size) }
}

const columnFault = ({ meta_data: column }: ColumnChunk, leaf: Leaf | undefined, rows: number, footer: number) => {
  if (column === undefined) return "a column in another file"
  const path = column.path_in_schema.join(".")
  const wanted = leaf?.path.join(".")
  if (path !== wanted) return `column "${path}" in place of "${wanted}"`
  if (column.type !== leaf?.type) return `column "${path}" of type ${column.type}, its schema ${leaf?.type}`
  const { start, end } = rangeOf(column)
  if (!(start >= frontBytes) || !(end >= start) || end > footer)
    return `column "${path}" at byte ${start}, ${column.total_compressed_size} bytes long`
  const count = Number(column.num_values)
  if (leaf.isFlat ? count !== rows : !(count >= rows)) return `${count} values of column "${path}" in ${rows} rows`
  return count > mostValues ? `${count} values of column "${path}", wanted at most ${mostValues}` : undefined
}

const groupFault = ({ columns, num_rows }: RowGroup, leaves: ReadonlyArray<Leaf>, footer: number) => {
  if (columns.length !== leaves.length)
    return `${columns.length} columns of a row group, ${leaves.length} in the schema`
  for (const [i, chunk] of columns.entries()) {
    const fault = columnFault(chunk, leaves[i], Number(num_rows), footer)
    if (fault !== undefined) return fault
  }
  return undefined
}

const overlap = (groups: ReadonlyArray<RowGroup>): string | undefined => {
  const columns = groups.flatMap((group) => group.columns.flatMap(({ meta_data }) => meta_data ?? []))
  const ranges = columns.map((column) => {
    const { start, end } = rangeOf(column)
    return { name: column.path_in_schema.join("."), start, end }
  })
  ranges.sort((a, b) => a.start - b.start)
  const at = ranges.findIndex(({ start }, i) => start < (ranges[i - 1]?.end ?? 0))
  return at < 0 ? undefined : `columns "${ranges[at - 1]?.name}" and "${ranges[at]?.name}" in the same bytes`
}

/**
 * What a footer says that cannot be: counts that do not add up, columns other than those of its schema, and places that are
 * negative, outside of the file or taken twice.
 *
 * Units    `footer` in bytes, where the footer begins
 * Fails    a thrown error where parts of it are absent
 */
export const footerFault = (metadata: FileMetaData, footer: number): string | undefined => {
  const { row_groups: groups, num_rows, schema } = metadata
  const counts = groups.map((group) => Number(group.num_rows))
  if (!counts.every((count) => count >= 0) || counts.reduce((sum, count) => sum + count, 0) !== Number(num_rows))
    return `row groups of ${counts.join(", ")} rows, ${num_rows} in all`
  const tree = parquetSchema(metadata)
  const leaves = leavesOf(tree, tree)
  const inSchema = schemaFault(tree, leaves, schema)
  if (inSchema !== undefined) return inSchema
  for (const group of groups) {
    const fault = groupFault(group, leaves, footer)
    if (fault !== undefined) return fault
  }
  return overlap(groups)
}
