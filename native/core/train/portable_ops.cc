#include "core/train/portable_ops.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "ggml-backend.h"

namespace dramatis::train {

// All of them are forward operations that chat's own graphs have, too, or plain arithmetic.
const std::vector<const char*> kPortableOps = {
    "ADD",      "CLAMP",  "CONCAT",   "CONT",      "CPY",      "DIV",     "FILL",    "GEGLU",
    "GET_ROWS", "LOG",    "MUL",      "MUL_MAT",   "NONE",     "PERMUTE", "RESHAPE", "RMS_NORM",
    "ROPE",     "SCALE",  "SET_ROWS", "SIGMOID",   "SOFT_MAX", "SQR",     "SQRT",    "SUB",
    "SUM_ROWS", "SWIGLU", "TANH",     "TRANSPOSE", "VIEW",
};

template <typename T>
ggml_tensor* PortableOps::Input(ggml_type type, int64_t columns, int64_t rows,
                                std::function<void(T*)> fill) {
  ggml_tensor* tensor = ggml_new_tensor_2d(context_, type, columns, rows);
  ggml_set_input(tensor);
  uploads_.push_back([tensor, fill = std::move(fill)] {
    if (tensor->buffer == nullptr) return;  // the graph does not use it
    std::vector<T> values(static_cast<size_t>(ggml_nelements(tensor)));
    fill(values.data());
    ggml_backend_tensor_set(tensor, values.data(), 0, values.size() * sizeof(T));
  });
  return tensor;
}

ggml_tensor* PortableOps::Factors(const float* data, int64_t columns, int64_t rows) {
  ggml_tensor*& tensor = kept_[data];
  if (tensor == nullptr) {
    tensor = Input<float>(GGML_TYPE_F32, columns, rows, [data, columns, rows](float* out) {
      std::copy(data, data + columns * rows, out);
    });
  }
  return tensor;
}

ggml_tensor* PortableOps::Mask(const Sight* sight) {
  ggml_tensor*& mask = kept_[sight];
  if (mask == nullptr) {
    const auto n = int64_t(sight->first.size()), before = int64_t(sight->before);
    mask = Input<float>(GGML_TYPE_F32, before + n, n, [sight, before, n](float* out) {
      std::fill(out, out + n * (before + n), -std::numeric_limits<float>::infinity());
      for (int64_t t = 0; t < n; ++t) {
        const Span& context = sight->context[size_t(t)];
        float* row = out + t * (before + n);
        std::fill(row + context.begin, row + context.end, 0.0f);
        std::fill(row + sight->first[size_t(t)], row + before + t + 1, 0.0f);
      }
    });
  }
  return mask;
}

ggml_tensor* PortableOps::Output(ggml_tensor* tensor, std::function<void(const float*)> take) {
  ggml_set_output(tensor);
  collections_.push_back([tensor, take = std::move(take)] {
    std::vector<float> values(static_cast<size_t>(ggml_nelements(tensor)));
    ggml_backend_tensor_get(tensor, values.data(), 0, values.size() * sizeof(float));
    take(values.data());
  });
  return tensor;
}

void PortableOps::Upload() {
  for (const auto& upload : uploads_) upload();
}

void PortableOps::Collect() {
  for (const auto& collect : collections_) collect();
  collections_.clear();  // a gradient counts once
}

double PortableOps::CostOf(const ggml_tensor* node) const {
  return node->op == GGML_OP_MUL_MAT
             ? 2.0 * double(node->src[0]->ne[0]) * double(ggml_nelements(node))
             : double(ggml_nelements(node));
}

ggml_tensor* PortableOps::Whole(ggml_tensor* x) {
  return ggml_is_contiguous(x) ? x : ggml_cont(context_, x);
}

ggml_tensor* PortableOps::Turned(ggml_tensor* x) {
  return ggml_cont(context_, ggml_transpose(context_, x));
}

ggml_tensor* PortableOps::Product(const PackedMatrix& w, ggml_tensor* x, const float* low,
                                  ggml_tensor* u, const float* bias, ggml_tensor* into) {
  ggml_tensor* y = ggml_mul_mat(context_, weights_.Of(w), Whole(x));
  if (u != nullptr) y = ggml_add(context_, y, Up(low, u, w.out()));
  if (bias != nullptr) y = ggml_add(context_, y, weights_.Of(bias));
  if (into == nullptr) return y;
  y = ggml_add(context_, into, y);
  // A part of a larger tensor is what others read.
  return into->view_src != nullptr ? ggml_cpy(context_, y, into) : y;
}

ggml_tensor* PortableOps::Down(const float* low, int rank, ggml_tensor* x, float scale) {
  ggml_tensor* a = Factors(low, x->ne[0], rank);
  return ggml_scale(context_, ggml_mul_mat(context_, a, Whole(x)), scale);
}

ggml_tensor* PortableOps::Up(const float* low, ggml_tensor* u, int64_t width) {
  return ggml_mul_mat(context_, Turned(Factors(low, width, u->ne[0])), u);
}

ggml_tensor* PortableOps::Gradient(float* grad, ggml_tensor* d, ggml_tensor* x) {
  const int64_t count = x->ne[0] * d->ne[0];
  return Output(ggml_mul_mat(context_, Turned(x), Turned(d)), [grad, count](const float* sum) {
    for (int64_t i = 0; i < count; ++i) grad[i] += sum[i];
  });
}

ggml_tensor* PortableOps::ByHead(ggml_tensor* x, int heads) {
  ggml_tensor* split = ggml_reshape_3d(context_, Whole(x), x->ne[0] / heads, heads, x->ne[1]);
  return ggml_cont(context_, ggml_permute(context_, split, 0, 2, 1, 3));
}

ggml_tensor* PortableOps::Shares(ggml_tensor* q, ggml_tensor* k, float scale, const Sight* sight) {
  return ggml_soft_max_ext(context_, ggml_mul_mat(context_, k, q), Mask(sight), scale, 0);
}

ggml_tensor* PortableOps::Attention(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, int heads,
                                    int kv_heads, float scale, const Sight* sight) {
  ggml_context* c = context_;
  ggml_tensor* shares = Shares(ByHead(q, heads), ByHead(k, kv_heads), scale, sight);
  ggml_tensor* seen = ggml_mul_mat(c, Turned(ByHead(v, kv_heads)), shares);
  seen = ggml_cont(c, ggml_permute(c, seen, 0, 2, 1, 3));
  return ggml_reshape_2d(c, seen, q->ne[0], q->ne[1]);
}

// With S = scale · QKᵀ, P = softmax(S), O = PV: dP = dO Vᵀ, dS = P ∘ (dP − Σ P ∘ dP), dQ = scale ·
// dS K, dK = scale · dSᵀ Q, dV = Pᵀ dO. P is made again: beside it keeping it costs rows² numbers a
// head.
Ops::AttentionGradients PortableOps::AttentionBack(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v,
                                                   ggml_tensor*, ggml_tensor* d, int heads,
                                                   int kv_heads, float scale, const Sight* sight) {
  ggml_context* c = context_;
  ggml_tensor *queries = ByHead(q, heads), *keys = ByHead(k, kv_heads);
  ggml_tensor* slopes = ByHead(d, heads);
  ggml_tensor* shares = Shares(queries, keys, scale, sight);
  ggml_tensor* pulls = ggml_mul_mat(c, ByHead(v, kv_heads), slopes);
  ggml_tensor* along = ggml_sum_rows(c, ggml_mul(c, shares, pulls));
  ggml_tensor* scores = ggml_scale(c, ggml_mul(c, shares, ggml_sub(c, pulls, along)), scale);
  const int64_t before = sight->before;
  // The columns of the keys that something is learned through.
  const auto own = [c, before](ggml_tensor* x) {
    return before == 0 ? x
                       : ggml_view_3d(c, x, x->ne[0] - before, x->ne[1], x->ne[2], x->nb[1],
                                      x->nb[2], size_t(before) * x->nb[0]);
  };
  ggml_tensor* d_q = ggml_mul_mat(c, Turned(keys), scores);
  ggml_tensor* d_k = ggml_mul_mat(c, Turned(queries), Turned(own(scores)));
  ggml_tensor* d_v = ggml_mul_mat(c, Turned(slopes), Turned(own(shares)));
  ggml_tensor* folded = Folded(d_v, kv_heads);
  return {ggml_cont(c, ggml_permute(c, d_q, 0, 2, 1, 3)), Folded(d_k, kv_heads),
          ggml_reshape_2d(c, folded, v->ne[0], q->ne[1])};
}

ggml_tensor* PortableOps::Folded(ggml_tensor* x, int kv_heads) {
  ggml_context* c = context_;
  const int64_t head = x->ne[0], n = x->ne[1], group = x->ne[2] / kv_heads;
  ggml_tensor* sum = x;
  if (group > 1) {
    ggml_tensor* split = ggml_reshape_3d(c, x, head * n, group, kv_heads);
    sum = ggml_sum_rows(c, ggml_cont(c, ggml_permute(c, split, 1, 0, 2, 3)));
    sum = ggml_reshape_3d(c, sum, head, n, kv_heads);
  }
  return ggml_cont(c, ggml_permute(c, sum, 0, 2, 1, 3));
}

ggml_tensor* PortableOps::Norm(ggml_tensor* x, const float* g, float epsilon) {
  return ggml_mul(context_, ggml_rms_norm(context_, x, epsilon), weights_.Of(g));
}

// With x̂ = x / s, s the root of the mean square: (d·g − x̂ · mean(d·g·x̂)) / s.
ggml_tensor* PortableOps::NormBack(ggml_tensor* x, const float* g, ggml_tensor* d, float epsilon,
                                   ggml_tensor* into) {
  ggml_context* c = context_;
  const float each = 1.0f / float(x->ne[0]);
  ggml_tensor* square = ggml_sum_rows(c, ggml_sqr(c, x));
  ggml_tensor* size = ggml_sqrt(c, ggml_scale_bias(c, square, each, epsilon));
  ggml_tensor* unit = ggml_div(c, x, size);
  ggml_tensor* scaled = ggml_mul(c, Whole(d), weights_.Of(g));
  ggml_tensor* along = ggml_scale(c, ggml_sum_rows(c, ggml_mul(c, scaled, unit)), each);
  ggml_tensor* dx = ggml_div(c, ggml_sub(c, scaled, ggml_mul(c, unit, along)), size);
  return into != nullptr ? ggml_add(c, into, dx) : dx;
}

Ops::GateGradients PortableOps::GateBack(ggml_tensor* gate, ggml_tensor* up, ggml_tensor* d,
                                         bool gelu) {
  ggml_context* c = context_;
  ggml_tensor *value, *slope;  // of the activation at `gate`
  if (gelu) {
    // ½x(1 + t), t = tanh(a(x + bx³)); its slope ½(1 + t) + ½x(1 − t²)·a(1 + 3bx²).
    constexpr float a = 0.79788456080286535588f, b = 0.044715f;
    ggml_tensor* square = ggml_sqr(c, gate);
    ggml_tensor* t = ggml_tanh(c, ggml_mul(c, gate, ggml_scale_bias(c, square, a * b, a)));
    ggml_tensor* half = ggml_scale_bias(c, t, 0.5f, 0.5f);
    ggml_tensor* bend = ggml_scale_bias(c, ggml_sqr(c, t), -0.5f, 0.5f);
    bend = ggml_mul(c, bend, ggml_scale_bias(c, square, 3 * a * b, a));
    value = ggml_mul(c, gate, half);
    slope = ggml_add(c, half, ggml_mul(c, gate, bend));
  } else {
    // xσ; its slope σ + xσ(1 − σ).
    ggml_tensor* sigmoid = ggml_sigmoid(c, gate);
    value = ggml_mul(c, gate, sigmoid);
    slope = ggml_add(c, sigmoid, ggml_mul(c, value, ggml_scale_bias(c, sigmoid, -1, 1)));
  }
  return {ggml_mul(c, ggml_mul(c, d, up), slope), ggml_mul(c, d, value)};
}

ggml_tensor* PortableOps::Drop(ggml_tensor* x, float share, uint64_t noise) {
  const int64_t count = ggml_nelements(x);
  ggml_tensor* kept =
      Input<float>(GGML_TYPE_F32, x->ne[0], x->ne[1], [count, share, noise](float* out) {
        for (int64_t i = 0; i < count; ++i)
          out[i] = IsKept(noise, uint64_t(i), share) ? 1.0f / (1.0f - share) : 0.0f;
      });
  return ggml_mul(context_, Whole(x), kept);
}

ggml_tensor* PortableOps::Zeros(int64_t width, int64_t rows) {
  return ggml_fill_inplace(context_, ggml_new_tensor_2d(context_, GGML_TYPE_F32, width, rows), 0);
}

// With p = softmax(z) and f the weight of a target y, its loss f · −log p_y has the gradient f · p,
// less f at y.
ggml_tensor* PortableOps::Loss(ggml_tensor* logits, const std::vector<Target>* targets, int first,
                               float* nll, bool gradient) {
  ggml_context* c = context_;
  const int64_t vocabulary = logits->ne[0], n = logits->ne[1];
  const Target* begin = targets->data() + first;
  ggml_tensor* at = Input<int32_t>(GGML_TYPE_I32, n, 1, [begin, vocabulary, n](int32_t* out) {
    for (int64_t i = 0; i < n; ++i) out[i] = int32_t(i * vocabulary + begin[i].token);
  });
  ggml_tensor* shares = ggml_soft_max(c, logits);
  // Rows of one number: so a target is read, and written below, by its index.
  ggml_tensor* numbers = ggml_reshape_2d(c, shares, 1, vocabulary * n);
  ggml_tensor* wanted = ggml_get_rows(c, numbers, at);
  constexpr float kLeast = 1e-37f;  // a logarithm is wanted
  ggml_tensor* log = ggml_log(c, ggml_clamp(c, wanted, kLeast, 1.0f));
  ggml_tensor* loss = Output(ggml_scale(c, log, -1), [nll, first, n](const float* values) {
    std::copy(values, values + n, nll + first);
  });
  ggml_build_forward_expand(graph_, loss);
  if (!gradient) return loss;
  ggml_tensor* weight = Input<float>(GGML_TYPE_F32, 1, n, [begin, n](float* out) {
    for (int64_t i = 0; i < n; ++i) out[i] = begin[i].weight;
  });
  ggml_tensor* factor = weight;
  if (std::any_of(begin, begin + n, [](const Target& one) { return one.is_bounded(); })) {
    // What is unlearned counts p / (1 − p) times as much, what is learned 1 times: 1 + u (p / (1 −
    // p) − 1).
    ggml_tensor* unlearned = Input<float>(GGML_TYPE_F32, 1, n, [begin, n](float* out) {
      for (int64_t i = 0; i < n; ++i) out[i] = begin[i].is_bounded() ? 1.0f : 0.0f;
    });
    ggml_tensor* rest = ggml_clamp(c, ggml_scale_bias(c, wanted, -1, 1), 1e-3f, 1.0f);
    ggml_tensor* odds = ggml_scale_bias(c, ggml_div(c, wanted, rest), 1, -1);
    factor = ggml_mul(c, weight, ggml_scale_bias(c, ggml_mul(c, unlearned, odds), 1, 1));
  }
  ggml_tensor* slopes = ggml_mul(c, shares, factor);
  ggml_tensor* less = ggml_sub(c, ggml_mul(c, wanted, factor), factor);
  ggml_tensor* done = ggml_set_rows(c, ggml_reshape_2d(c, slopes, 1, vocabulary * n), less, at);
  return ggml_reshape_2d(c, done, vocabulary, n);
}

ggml_tensor* PortableOps::Scatter(ggml_tensor* x, const std::vector<Target>* targets,
                                  int64_t rows) {
  const auto n = int64_t(targets->size());
  ggml_tensor* at = Input<int32_t>(GGML_TYPE_I32, n, 1, [targets, n](int32_t* out) {
    for (int64_t i = 0; i < n; ++i) out[i] = (*targets)[size_t(i)].row;
  });
  return ggml_set_rows(context_, Zeros(x->ne[0], rows), x, at);
}

}  // namespace dramatis::train
