#include "core/forward/graph_kernels.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "core/aligned_vector.h"
#include "core/forward/choice.h"
#include "core/forward/kernels.h"
#include "ggml-backend.h"
#include "ggml.h"
#include "llama-kernels.h"

namespace dramatis::forward {
namespace {

// An input of so many numbers or fewer is rounded by every thread for itself, a block of cache
// lines each: that is less than a meeting of all threads costs.
constexpr int64_t kSmall = 2048;

size_t NumbersApart(const ggml_tensor* x) { return x->nb[1] / sizeof(float); }

void QuantiseBlocks(const ggml_tensor* x, int64_t first, int64_t last, char* out) {
  const Kernels& kernels = *BestKernels();
  const int64_t blocks = x->ne[0] / kBlock;
  for (int64_t at = first; at < last;) {
    const int64_t column = at / blocks, end = std::min(last, (column + 1) * blocks);
    kernels.quantise(static_cast<const float*>(x->data) + size_t(column) * NumbersApart(x),
                     x->ne[0], int(at - column * blocks), int(end - column * blocks),
                     out + size_t(column) * QuantisedBytes(x->ne[0]));
    at = end;
  }
}

// dst = x, rounded to bytes.
void QuantiseNode(ggml_tensor* dst, int thread, int threads, void*) {
  const ggml_tensor* x = dst->src[0];
  const int64_t blocks = ggml_nelements(x) / kBlock;
  QuantiseBlocks(x, blocks * thread / threads, blocks * (thread + 1) / threads,
                 static_cast<char*>(dst->data));
}

// dst = w x; x rounded already, or not.
void ProductNode(ggml_tensor* dst, int thread, int threads, void*) {
  const ggml_tensor *w = dst->src[0], *x = dst->src[1];
  static thread_local AlignedVector<char> own;
  Product product;
  product.type = w->type;
  product.w = static_cast<const char*>(w->data);
  product.w_row = w->nb[1];
  product.rows = int(w->ne[1]);
  product.depth = int(w->ne[0]);
  product.x = static_cast<const char*>(x->data);
  product.y = static_cast<float*>(dst->data);
  product.y_column = NumbersApart(dst);
  product.columns = int(dst->ne[1]);
  if (x->type == GGML_TYPE_F32) {
    own.resize(QuantisedBytes(w->ne[0]) * size_t(product.columns));
    QuantiseBlocks(x, 0, ggml_nelements(x) / kBlock, own.data());
    product.x = own.data();
  }
  const int groups = (product.rows + kRows - 1) / kRows;
  const int first = int(int64_t(groups) * thread / threads) * kRows;
  const int last = std::min(product.rows, int(int64_t(groups) * (thread + 1) / threads) * kRows);
  if (first < last) BestKernels()->multiply(product, first, last);
}

void AttentionNode(ggml_tensor* dst, int thread, int threads, void* scale) {
  const ggml_tensor *q = dst->src[0], *k = dst->src[1], *v = dst->src[2], *mask = dst->src[3];
  Attention a;
  a.q = static_cast<const char*>(q->data);
  a.k = static_cast<const char*>(k->data);
  a.v = static_cast<const char*>(v->data);
  a.mask = static_cast<const char*>(mask->data);
  a.q_token = q->nb[1], a.q_head = q->nb[2];
  a.k_cell = k->nb[1], a.k_head = k->nb[2];
  a.v_cell = v->nb[1], a.v_head = v->nb[2];
  a.mask_token = mask->nb[1];
  a.out = static_cast<float*>(dst->data);
  a.tokens = int(q->ne[1]), a.heads = int(q->ne[2]), a.kv_heads = int(k->ne[2]);
  a.cells = int(k->ne[1]);
  a.k_width = int(k->ne[0]), a.v_width = int(v->ne[0]);
  a.scale = *static_cast<const float*>(scale);
  BestKernels()->attend(a, thread, threads);
}

// A node has no room for a number of ours, only for where one is.
void* Kept(float scale) {
  static std::mutex keeping;
  static std::set<float> scales;
  std::lock_guard<std::mutex> lock(keeping);
  return const_cast<float*>(&*scales.insert(scale).first);
}

class GraphKernels final : public llm_graph_kernels_i {
 public:
  ggml_tensor* build_product(ggml_context* context, ggml_tensor* w, ggml_tensor* x,
                             std::map<const ggml_tensor*, ggml_tensor*>& prepared) const override {
    return IsChosen(w->type) ? BuildProduct(context, w, x, prepared) : nullptr;
  }

  ggml_tensor* build_attention(ggml_context* context, ggml_tensor* q, ggml_tensor* k,
                               ggml_tensor* v, ggml_tensor* mask, float scale) const override {
    return IsAttentionChosen() ? BuildAttention(context, q, k, v, mask, scale) : nullptr;
  }
};

}  // namespace

// Matrices in another layout than the file's are ggml's own to multiply: it made that layout for a
// unit of this CPU.
ggml_tensor* BuildProduct(ggml_context* context, ggml_tensor* w, ggml_tensor* x,
                          std::map<const ggml_tensor*, ggml_tensor*>& prepared) {
  const bool is_taken = BestKernels()->takes(w->type) && w->op == GGML_OP_NONE &&
                        w->buffer != nullptr && ggml_backend_buffer_is_host(w->buffer) &&
                        ggml_is_contiguous(w) && ggml_is_matrix(w);
  if (!is_taken || x->type != GGML_TYPE_F32 || x->nb[0] != sizeof(float) || !ggml_is_matrix(x))
    return nullptr;
  ggml_tensor* from = x;
  if (ggml_nelements(x) > kSmall) {
    ggml_tensor*& made = prepared[x];
    if (made == nullptr)
      made = ggml_custom_4d(context, GGML_TYPE_I8, int64_t(QuantisedBytes(x->ne[0])), x->ne[1], 1,
                            1, &from, 1, QuantiseNode, GGML_N_TASKS_MAX, nullptr);
    from = made;
  }
  ggml_tensor* sources[] = {w, from};
  return ggml_custom_4d(context, GGML_TYPE_F32, w->ne[1], x->ne[1], 1, 1, sources, 2, ProductNode,
                        GGML_N_TASKS_MAX, nullptr);
}

ggml_tensor* BuildAttention(ggml_context* context, ggml_tensor* q, ggml_tensor* k, ggml_tensor* v,
                            ggml_tensor* mask, float scale) {
  const auto is_flat = [](const ggml_tensor* tensor, ggml_type type) {
    return tensor->type == type && tensor->nb[0] == ggml_type_size(type) && tensor->ne[3] == 1;
  };
  if (mask == nullptr || !is_flat(q, GGML_TYPE_F32) || !is_flat(k, GGML_TYPE_F16) ||
      !is_flat(v, GGML_TYPE_F16) || !is_flat(mask, GGML_TYPE_F16))
    return nullptr;
  if (mask->ne[2] != 1 || k->ne[0] % 8 != 0 || v->ne[0] % 8 != 0 || q->ne[2] % k->ne[2] != 0 ||
      v->ne[2] != k->ne[2])
    return nullptr;
  ggml_tensor* sources[] = {q, k, v, mask};
  return ggml_custom_4d(context, GGML_TYPE_F32, v->ne[0], q->ne[2], q->ne[1], 1, sources, 4,
                        AttentionNode, GGML_N_TASKS_MAX, Kept(scale));
}

void UseInGraphs() {
  static const GraphKernels kernels;
  if (BestKernels() != nullptr) llm_graph_kernels = &kernels;
}

}  // namespace dramatis::forward
