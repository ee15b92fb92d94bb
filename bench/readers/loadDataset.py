"""Reads an exported folder of preferences as TRL does: `loadDataset.py FOLDER MODEL`, one JSON object on stdout."""

import json
import os
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_CACHE=tempfile.mkdtemp(), TRANSFORMERS_VERBOSITY="error")

from datasets import load_dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer, extract_prompt, is_conversational

folder, model = sys.argv[1:3]
splits = load_dataset(folder)
rows = splits["train"]
tokenizer = AutoTokenizer.from_pretrained(model)
trainer = DPOTrainer(
    model=AutoModelForCausalLM.from_pretrained(model),
    args=DPOConfig(
        output_dir=tempfile.mkdtemp(),
        report_to="none",
        max_steps=1,
        per_device_train_batch_size=2,
        max_length=64,
        use_cpu=True,
        save_strategy="no",
        bf16=False,
        fp16=False,
    ),
    train_dataset=rows,
    processing_class=tokenizer,
)
prepared = trainer.train_dataset[0]
loss = trainer.train().training_loss
print(
    json.dumps(
        {
            "rows": {name: len(split) for name, split in splits.items()},
            "features": {name: str(kind) for name, kind in rows.features.items()},
            "all": {name: list(split) for name, split in splits.items()},
            "extracted": extract_prompt({name: rows[0]["prompt"] + rows[0][name] for name in ("chosen", "rejected")}),
            "conversational": is_conversational(rows[0]),
            "prepared": sorted(prepared),
            "texts": {
                name: tokenizer.decode(ids) for name, ids in prepared.items() if name.endswith("_ids") and ids
            },
            "loss": loss,
        },
        ensure_ascii=False,
    )
)
