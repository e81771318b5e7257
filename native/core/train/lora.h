#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/train/kernels.h"

namespace dramatis::train {

// Which matrices of a layer: bits in the order of kMatrixNames.
enum Matrix { kQuery, kKey, kValue, kOutput, kGate, kUp, kDown, kMatrices };
inline constexpr const char* kMatrixNames[kMatrices] = {
    "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"};

// The low-rank change of one matrix W: W x + scale · B A x, both factors with the wide side
// contiguous. With the gradients and moments of AdamW.
//
// Source: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021.
struct Lora {
  Lora(std::string matrix, int in, int out, int rank);

  std::string name;  // of the matrix in the file, such as "blk.0.attn_q.weight"
  int in = 0;
  int out = 0;
  int rank = 0;
  std::vector<float> a;  // rank × in
  std::vector<float> b;  // rank × out, the transpose of what files hold
  std::vector<float> grad_a, grad_b;
  std::vector<float> m_a, m_b, v_a, v_b;

  // B as files hold it: out × rank.
  std::vector<float> Out() const;

  // A as PyTorch fills a linear layer (uniform within ±1/√in), B zero: the adapter begins as
  // nothing.
  void Reset(uint64_t seed);
  void ClearGradients();
};

struct AdamWOptions {
  float rate = 3e-4f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float decay = 0;
  float clip = 1;  // of the norm of all gradients together; 0: none
};

// One step on all of them, as the `step`th (from 1); clears the gradients. Returns their norm
// before clipping, NaN if it is not a number: nothing is changed then.
//
// Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019.
double AdamWStep(std::vector<Lora>& loras, const AdamWOptions& options, int64_t step,
                 const Kernels& kernels);

}  // namespace dramatis::train
