import { Message, type RecordBatch, RecordBatchFileWriter, type Schema } from "apache-arrow"

/** Pieces from this size on are handed over as they are. Units: bytes. */
const large = 1 << 16

/**
 * Arrow's file writer, asked for its bytes after each batch: its own queue would hold the whole file.
 *
 * The schema also follows the first magic, as the format says and Arrow's writer leaves out, so that readers that go
 * through the file from front to back find it.
 */
export class FileBytes extends RecordBatchFileWriter {
  #waiting: Array<Uint8Array> = []

  /** The bytes before the first batch. */
  begin(schema: Schema): Uint8Array {
    this.reset(undefined, schema)
    return this.#take()
  }

  /** The bytes of a batch. */
  batch(batch: RecordBatch): Uint8Array {
    this.write(batch)
    return this.#take()
  }

  /** The bytes of a batch in order, its large buffers as they lie in memory, the small ones joined. */
  pieces(batch: RecordBatch): ReadonlyArray<Uint8Array> {
    this.write(batch)
    const pieces: Array<Uint8Array> = []
    let small: Array<Uint8Array> = []
    for (const piece of this.#waiting) {
      small.push(piece)
      if (piece.length < large) continue
      pieces.push(Buffer.concat(small.slice(0, -1)), piece)
      small = []
    }
    this.#waiting = []
    return [...pieces, Buffer.concat(small)].filter(({ length }) => length > 0)
  }

  /** The bytes after the last batch. */
  end(): Uint8Array {
    this.finish()
    return this.#take()
  }

  protected override _writeSchema(schema: Schema): this {
    return super._writeSchema(schema)._writeMessage(Message.from(schema))
  }

  // the writer hands over views of bytes only
  protected override _write(chunk: ArrayBufferView): this {
    if (this._started && chunk.byteLength > 0) {
      this.#waiting.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      this._position += chunk.byteLength
    }
    return this
  }

  #take(): Uint8Array {
    const bytes = Buffer.concat(this.#waiting)
    this.#waiting = []
    return bytes
  }
}
