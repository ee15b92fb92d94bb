"""Rewards of 64 sequences of mixed length with transformers, eager, float32: beside `npm run bench -- score`.

usage: python torch_score.py [--threads 2] [--ordered] [--few-long]
The sequences come in a mixed order, 8 at a time, each batch padded to its longest; --ordered sorts them by length first.
"""
import argparse, json, time
import torch
from transformers import LlamaConfig, LlamaForSequenceClassification

p = argparse.ArgumentParser()
p.add_argument("--threads", type=int, default=2); p.add_argument("--ordered", action="store_true")
p.add_argument("--few-long", action="store_true")
a = p.parse_args()
torch.set_num_threads(a.threads); torch.manual_seed(0)
config = LlamaConfig(vocab_size=8192, hidden_size=512, intermediate_size=1376, num_hidden_layers=8, num_attention_heads=8,
                     num_key_value_heads=4, head_dim=64, max_position_embeddings=512, rms_norm_eps=1e-5, num_labels=1,
                     pad_token_id=0, tie_word_embeddings=True, attn_implementation="eager")
model = LlamaForSequenceClassification(config).eval()
lengths = [round(32 + 480 * (row / 63) ** 2) if a.few_long else round(64 + 192 * row / 63) for row in range(64)]
order = sorted(lengths) if a.ordered else [lengths[(37 * row) % 64] for row in range(64)]
batches = []
for i in range(0, 64, 8):
    part = order[i:i + 8]; longest = max(part)
    ids = torch.zeros(8, longest, dtype=torch.long); mask = torch.zeros(8, longest, dtype=torch.long)
    for row, n in enumerate(part):
        ids[row, :n] = torch.randint(1, 8192, (n,)); mask[row, :n] = 1
    batches.append((ids, mask))

def run():
    with torch.inference_mode():
        for ids, mask in batches: model(input_ids=ids, attention_mask=mask)

run()
times = []
for _ in range(5):
    t = time.perf_counter(); run(); times.append(time.perf_counter() - t)
seconds = sorted(times)[2]
print(json.dumps({"lengths": "32-512, few long" if a.few_long else "64-256, evenly", "order": "by length" if a.ordered else "mixed", "tokens/s": round(sum(lengths) / seconds, 1), "seconds": round(seconds, 4)}))
