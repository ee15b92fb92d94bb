"""Rewards of sequences of mixed length with transformers, eager, float32: the peer of `npm run bench -- score-peers`.

usage: echo '{"some name": [64, 70, 256]}' | python torch_score.py [--threads 2] [--batch 8] [--order mixed|prompts|length]
The lengths of each shape, whole conversations, come on stdin. Each batch is padded to its longest. Sequences come in a mixed
order, in the order given (all responses of a prompt together), or sorted by length.
"""
import argparse, json, sys, time
import torch
from transformers import LlamaConfig, LlamaForSequenceClassification

p = argparse.ArgumentParser()
p.add_argument("--threads", type=int, default=2); p.add_argument("--batch", type=int, default=8)
p.add_argument("--order", choices=["mixed", "prompts", "length"], default="mixed")
a = p.parse_args()
torch.set_num_threads(a.threads); torch.manual_seed(0)
config = LlamaConfig(vocab_size=8192, hidden_size=512, intermediate_size=1376, num_hidden_layers=8, num_attention_heads=8,
                     num_key_value_heads=4, head_dim=64, max_position_embeddings=1024, rms_norm_eps=1e-5, num_labels=1,
                     pad_token_id=0, tie_word_embeddings=True, attn_implementation="eager")
model = LlamaForSequenceClassification(config).eval()

def ordered(lengths):
    if a.order == "prompts": return lengths
    if a.order == "length": return sorted(lengths)
    return [lengths[(37 * row) % len(lengths)] for row in range(len(lengths))]  # 37 has no divisor in common with 64

def batched(lengths):
    for i in range(0, len(lengths), a.batch):
        part = lengths[i:i + a.batch]
        ids = torch.zeros(len(part), max(part), dtype=torch.long); mask = torch.zeros_like(ids)
        for row, n in enumerate(part):
            ids[row, :n] = torch.randint(1, 8192, (n,)); mask[row, :n] = 1
        yield ids, mask

def run(batches):
    clock, processor = time.perf_counter(), time.process_time()
    with torch.inference_mode():
        for ids, mask in batches: model(input_ids=ids, attention_mask=mask)
    return {"seconds": time.perf_counter() - clock, "processor": time.process_time() - processor}

found = {}
for name, lengths in json.load(sys.stdin).items():
    batches = list(batched(ordered(lengths)))
    run(batches[:1])
    found[name] = run(batches)
print(json.dumps(found))
