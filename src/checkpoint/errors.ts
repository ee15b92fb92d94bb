import { Schema } from "effect"

export class FileMissing extends Schema.TaggedError<FileMissing>()("FileMissing", { file: Schema.String }) {
  override get message() {
    return `found no "${this.file}", wanted a Hugging Face model folder`
  }
}

export class WeightMissing extends Schema.TaggedError<WeightMissing>()("WeightMissing", {
  name: Schema.String,
  shape: Schema.Array(Schema.Finite),
  found: Schema.Finite
}) {
  override get message() {
    return `found no weight "${this.name}" among ${this.found}, wanted one of shape [${this.shape.join(", ")}]`
  }
}

export class WeightShape extends Schema.TaggedError<WeightShape>()("WeightShape", {
  name: Schema.String,
  found: Schema.Array(Schema.Finite),
  wanted: Schema.Array(Schema.Finite)
}) {
  override get message() {
    return `weight "${this.name}" has shape [${this.found.join(", ")}], wanted [${this.wanted.join(", ")}] by config.json`
  }
}

export class WeightType extends Schema.TaggedError<WeightType>()("WeightType", {
  name: Schema.String,
  found: Schema.String
}) {
  override get message() {
    return `weight "${this.name}" is stored as ${this.found}, wanted F32, F16 or BF16`
  }
}

export class KindDiffers extends Schema.TaggedError<KindDiffers>()("KindDiffers", {
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `found a ${this.found} model, wanted a ${this.wanted} model (see "architectures" in config.json)`
  }
}

export class BaseMissing extends Schema.TaggedError<BaseMissing>()("BaseMissing", {
  base: Schema.String,
  named: Schema.Literals(["adapter_config.json", "the caller"])
}) {
  override get message() {
    return `found no model folder "${this.base}", which ${this.named} names as the base of this adapter, wanted the model it was trained on`
  }
}

export class AdapterInvalid extends Schema.TaggedError<AdapterInvalid>()("AdapterInvalid", { detail: Schema.String }) {
  override get message() {
    return `adapter_config.json is not one of a LoRA adapter: ${this.detail}`
  }
}

export class AdapterUnsupported extends Schema.TaggedError<AdapterUnsupported>()("AdapterUnsupported", {
  key: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `"${this.key}" of the adapter is ${this.found}, wanted ${this.wanted}`
  }
}

export class AdapterWeight extends Schema.TaggedError<AdapterWeight>()("AdapterWeight", {
  name: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `adapter weight "${this.name}" ${this.found}, wanted ${this.wanted}`
  }
}

export class NotReadable extends Schema.TaggedError<NotReadable>()("NotReadable", { detail: Schema.String }) {
  override get message() {
    return this.detail
  }
}

export class NotWritten extends Schema.TaggedError<NotWritten>()("NotWritten", {
  detail: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `${this.detail}; nothing was left under this name`
  }
}

/** What is wrong with a model folder, or kept one from being written. */
export class CheckpointError extends Schema.TaggedError<CheckpointError>()("CheckpointError", {
  action: Schema.Literals(["open", "write"]),
  folder: Schema.String,
  reason: Schema.Union([
    FileMissing,
    WeightMissing,
    WeightShape,
    WeightType,
    KindDiffers,
    BaseMissing,
    AdapterInvalid,
    AdapterUnsupported,
    AdapterWeight,
    NotReadable,
    NotWritten
  ])
}) {
  override get message() {
    return `Cannot ${this.action} the model "${this.folder}": ${this.reason.message}`
  }
}
