"""Makes native/test/peft_reference.h: what PyTorch and PEFT make of the native tests' tiny llama model.

    pip install torch transformers peft && python bench/peft-reference.py > native/test/peft_reference.h

Development only: Dramatis itself never runs Python. Model, factors and texts are made from the same formulas as in
native/test/tiny_model.h and train_test.cc: gradients of all factors, and the losses of twenty steps.
"""

import math

import peft
import torch
import transformers

WIDTH, HIDDEN, HEADS, KV_HEADS, HEAD, LAYERS, VOCABULARY = 32, 64, 4, 2, 8, 2, 96
RANK, ALPHA, STEPS, RATE = 4, 8, 20, 1e-2
NAMES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

state = 7


def tensor(columns, rows):
    """The next tensor of tiny_model.h; rows = 0 is a norm."""
    global state
    values = []
    for _ in range(columns * max(1, rows)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values.append((state >> 8) / (1 << 24) + (0.5 if rows == 0 else -0.5))
    made = torch.tensor(values, dtype=torch.float32)
    return made if rows == 0 else made.reshape(rows, columns)


def to_halves(weight, heads):
    """Rows from llama.cpp's order (pairs side by side) to that of transformers (halves apart)."""
    return weight.reshape(heads, HEAD // 2, 2, -1).transpose(1, 2).reshape(weight.shape)


def to_pairs(weight, heads):
    return weight.reshape(heads, 2, HEAD // 2, -1).transpose(1, 2).reshape(weight.shape)


def heads_of(name):
    return {"q_proj": HEADS, "k_proj": KV_HEADS}.get(name)


config = transformers.LlamaConfig(
    vocab_size=VOCABULARY,
    hidden_size=WIDTH,
    intermediate_size=HIDDEN,
    num_hidden_layers=LAYERS,
    num_attention_heads=HEADS,
    num_key_value_heads=KV_HEADS,
    head_dim=HEAD,
    rms_norm_eps=1e-5,
    rope_theta=10000.0,
    tie_word_embeddings=False,
    attn_implementation="eager",
)
model = transformers.LlamaForCausalLM(config).float()
weights = {"model.embed_tokens.weight": tensor(WIDTH, VOCABULARY)}
weights["model.norm.weight"] = tensor(WIDTH, 0)
weights["lm_head.weight"] = tensor(WIDTH, VOCABULARY)
for layer in range(LAYERS):
    block = f"model.layers.{layer}."
    weights[block + "input_layernorm.weight"] = tensor(WIDTH, 0)
    weights[block + "post_attention_layernorm.weight"] = tensor(WIDTH, 0)
    attention = block + "self_attn."
    weights[attention + "q_proj.weight"] = to_halves(tensor(WIDTH, HEADS * HEAD), HEADS)
    weights[attention + "k_proj.weight"] = to_halves(tensor(WIDTH, KV_HEADS * HEAD), KV_HEADS)
    weights[attention + "v_proj.weight"] = tensor(WIDTH, KV_HEADS * HEAD)
    weights[attention + "o_proj.weight"] = tensor(HEADS * HEAD, WIDTH)
    weights[block + "mlp.gate_proj.weight"] = tensor(WIDTH, HIDDEN)
    weights[block + "mlp.up_proj.weight"] = tensor(WIDTH, HIDDEN)
    weights[block + "mlp.down_proj.weight"] = tensor(HIDDEN, WIDTH)
model.load_state_dict(weights, strict=True)

lora = peft.LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=NAMES, task_type="CAUSAL_LM")
model = peft.get_peft_model(model, lora)
factors = []  # (name, A, B) in the order of the native trainer
for layer in range(LAYERS):
    for index, name in enumerate(NAMES):
        part = "self_attn" if index < 4 else "mlp"
        module = getattr(getattr(model.base_model.model.model.layers[layer], part), name)
        a, b = module.lora_A.default.weight, module.lora_B.default.weight
        m = layer * len(NAMES) + index
        with torch.no_grad():
            i = torch.arange(a.numel(), dtype=torch.float64)
            a.copy_((0.1 * torch.sin(0.7 * i + m + 1)).float().reshape(a.shape))
            i = torch.arange(b.numel(), dtype=torch.float64)
            made = (0.05 * torch.cos(0.3 * i + m)).float().reshape(b.shape)
            b.copy_(to_halves(made, heads_of(name)) if heads_of(name) else made)
        factors.append((name, a, b))


def some(n, seed):
    return [(i * 37 + seed * 17 + i * i) % VOCABULARY for i in range(n)]


texts = [some(13, 1), some(20, 2)]
count = sum(len(text) - 1 for text in texts)


def loss():
    total = 0
    for text in texts:
        tokens = torch.tensor([text])
        logits = model(input_ids=tokens).logits[0, :-1]
        total = total + torch.nn.functional.cross_entropy(logits, tokens[0, 1:], reduction="sum")
    return total / count


def figures(grad):
    """Length of a gradient, and its product with cos(i)."""
    flat = grad.double().flatten()
    return flat.norm().item(), (flat * torch.cos(torch.arange(flat.numel(), dtype=torch.float64))).sum().item()


trained = [p for _, a, b in factors for p in (a, b)]
optimizer = torch.optim.AdamW(trained, lr=RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
gradients, losses = [], []
for step in range(STEPS):
    value = loss()
    losses.append(value.item())
    value.backward()
    if step == 0:
        for name, a, b in factors:
            grad_b = to_pairs(b.grad, heads_of(name)) if heads_of(name) else b.grad
            gradients.append((*figures(a.grad), *figures(grad_b)))
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad()

print("// Made by bench/peft-reference.py: do not edit.")
print(f"// PyTorch {torch.__version__}, transformers {transformers.__version__}, PEFT {peft.__version__}.")
print("#pragma once\n\nnamespace dramatis::test {\n")
print("// Of each matrix: the gradient of A, its length and its product with cos(i); the same of B (out × rank).")
print(f"inline constexpr double kPeftGradients[{len(gradients)}][4] = {{")
for row in gradients:
    print("    {" + ", ".join(f"{value:.8e}" for value in row) + "},")
print("};\n\n// Of the twenty steps, before each.")
print(f"inline constexpr double kPeftLosses[{STEPS}] = {{")
for value in losses:
    assert math.isfinite(value)
    print(f"    {value:.8e},")
print("};\n\n}  // namespace dramatis::test")
