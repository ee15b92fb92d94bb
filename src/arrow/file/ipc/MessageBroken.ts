/** Metadata of Arrow IPC that says what cannot be. */
export class MessageBroken extends Error {}
