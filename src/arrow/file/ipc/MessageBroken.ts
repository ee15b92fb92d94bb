/** Metadata of Arrow IPC that says what cannot be. */
export class MessageBroken extends Error {}

/** Columns packed by LZ4, for which there is nothing here that unpacks them. */
export class PackedByLz4 extends Error {}
