"""Measures a training step of PyTorch with PEFT as train.bench.ts measures ours: python peft-train.py f32|bf16 THREADS

    pip install torch transformers peft

The shape of SmolLM2-135M with random weights, LoRA of rank 16 on all linear layers, 4 texts of 128 tokens, half of them
learned. One warm-up step, then five; JSON on stdout: {tokensPerSecond: [...], peakMiB, versions}.
Development only: Dramatis itself never runs Python.
"""

import json
import resource
import sys
import time

import peft
import torch
import transformers

precision, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(1)
config = transformers.LlamaConfig(
    vocab_size=49152,
    hidden_size=576,
    intermediate_size=1536,
    num_hidden_layers=30,
    num_attention_heads=9,
    num_key_value_heads=3,
    tie_word_embeddings=True,
    rope_theta=100000,
)
model = transformers.LlamaForCausalLM(config)
if precision == "bf16":
    model = model.to(torch.bfloat16)
lora = peft.LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
model = peft.get_peft_model(model, lora)
model.train()
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=3e-4)

tokens = torch.randint(0, 49152, (4, 128))
labels = tokens.clone()
labels[:, ::2] = -100
speeds = []
for step in range(6):
    start = time.perf_counter()
    loss = model(input_ids=tokens, labels=labels).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    if step > 0:
        speeds.append(tokens.numel() / (time.perf_counter() - start))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
print(json.dumps({"tokensPerSecond": speeds, "peakMiB": peak, "versions": versions}))
