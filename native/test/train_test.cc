// The trainer on random models, under sanitizers: against llama.cpp, against finite differences,
// against itself.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/adapter.h"
#include "core/compute.h"
#include "core/train/cpu_ops.h"
#include "core/train/portable_ops.h"
#include "core/train/trainer.h"
#include "llama.h"
#include "test/code_of.h"
#include "test/expect.h"
#include "test/peft_reference.h"
#include "test/tiny_model.h"

using namespace dramatis;
using namespace dramatis::train;
using dramatis::test::CodeOf;

namespace {

constexpr const char* kArchitectures[] = {"llama", "qwen2", "qwen3", "gemma3"};
constexpr int kVocabulary = test::TinyModel::kVocabulary;

std::vector<int32_t> Some(int n, int seed) {
  std::vector<int32_t> tokens;
  for (int i = 0; i < n; ++i) tokens.push_back((i * 37 + seed * 17 + i * i) % kVocabulary);
  return tokens;
}

// Texts of the given lengths side by side, each token to be learned from the one before it.
TrainBatch Packed(const std::vector<std::vector<int32_t>>& texts) {
  TrainBatch batch;
  for (const auto& text : texts) {
    const auto first = int32_t(batch.tokens.size());
    for (size_t i = 0; i < text.size(); ++i) {
      batch.tokens.push_back(text[i]);
      batch.positions.push_back(int32_t(i));
      batch.first.push_back(first);
      batch.context.push_back({});
      if (i > 0) batch.targets.push_back({first + int32_t(i) - 1, text[i], 1.0f});
    }
  }
  return batch;
}

TrainerOptions Options() {
  TrainerOptions options;
  options.rank = 4;
  options.scale = 2;
  options.precision = "f32";
  return options;
}

std::unique_ptr<Trainer> Open(const std::string& path, const TrainerOptions& options) {
  auto trainer = std::make_unique<Trainer>(path, options);
  while (trainer->LoadMore()) {
  }
  trainer->Reset(1);
  // B is zero at the start, where A has no gradient: random, so that there is something to see.
  unsigned random = 5;
  for (Lora& lora : trainer->loras()) {
    for (float& value : lora.b) {
      random = random * 1664525u + 1013904223u;
      value = (float(random >> 8) / float(1u << 24) - 0.5f) * 0.3f;
    }
  }
  return trainer;
}

void Finish(Trainer& trainer, const TrainBatch& batch, TrainGraph::Mode mode, uint64_t noise = 0) {
  trainer.Begin(batch, mode, noise);
  while (!trainer.Continue(1)) {
  }
}

// What the gradients are the gradients of.
double Loss(Trainer& trainer, const TrainBatch& batch, uint64_t noise = 0) {
  Finish(trainer, batch, TrainGraph::kLoss, noise);
  double loss = 0;
  for (size_t i = 0; i < batch.targets.size(); ++i) {
    const double nll = trainer.nll()[i], weight = batch.targets[i].weight;
    loss += batch.targets[i].is_bounded() ? -weight * -std::log(1 - std::exp(-nll)) : weight * nll;
  }
  return loss;
}

void ExpectClose(const std::vector<float>& a, const std::vector<float>& b, double most) {
  EXPECT(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT(std::fabs(double(a[i]) - b[i]) <= most);
}

void logits_are_those_of_llama_cpp() {
  for (const char* architecture : kArchitectures) {
    const test::TinyModel file(architecture);
    TrainerOptions options = Options();
    auto trainer = Open(file.path(), options);
    for (Lora& lora : trainer->loras()) std::fill(lora.b.begin(), lora.b.end(), 0.0f);
    const auto tokens = Some(40, 3);
    Finish(*trainer, Packed({tokens}), TrainGraph::kLogits);
    const auto ours = trainer->graph().Logits();

    llama_model_params model_params = llama_model_default_params();
    llama_model* model = llama_model_load_from_file(file.path().c_str(), model_params);
    EXPECT(model != nullptr);
    llama_context_params params = llama_context_default_params();
    params.n_ctx = 256;
    params.type_k = params.type_v = GGML_TYPE_F32;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    params.n_threads = params.n_threads_batch = 2;
    llama_context* context = llama_init_from_model(model, params);
    llama_batch batch = llama_batch_init(40, 0, 1);
    batch.n_tokens = 40;
    for (int i = 0; i < 40; ++i) {
      batch.token[i] = tokens[size_t(i)];
      batch.pos[i] = i;
      batch.n_seq_id[i] = 1;
      batch.seq_id[i][0] = 0;
      batch.logits[i] = true;
    }
    EXPECT(llama_decode(context, batch) == 0);
    double most = 0;
    for (int i = 0; i < 39; ++i) {
      const float* theirs = llama_get_logits_ith(context, i);
      for (int v = 0; v < kVocabulary; ++v)
        most = std::max(most, std::fabs(double(theirs[v]) - ours[size_t(i * kVocabulary + v)]));
    }
    EXPECT(most <= 1e-3);
    llama_batch_free(batch);
    llama_free(context);
    llama_model_free(model);
  }
}

// Central differences of a few factors of every matrix of both layers. Gemma's forward part reads
// its GELU from a table of half precision, as chat does: its loss is a little rough, so steps are
// larger and less is asked, and less again of many targets (`rough`).
void ExpectGradients(Trainer& trainer, const TrainBatch& batch, uint64_t noise,
                     double rough = 0.06) {
  const bool is_rough = trainer.model().architecture().gate_is_gelu;
  const float step = is_rough ? 2e-2f : 4e-3f;
  const double tolerance = is_rough ? rough : 0.01;
  trainer.ClearGradients();
  Finish(trainer, batch, TrainGraph::kGradient, noise);
  for (Lora& lora : trainer.loras()) {
    for (auto [values, grads] :
         {std::pair(&lora.a, &lora.grad_a), std::pair(&lora.b, &lora.grad_b)}) {
      double largest = 0;
      for (float grad : *grads) largest = std::max(largest, std::fabs(double(grad)));
      EXPECT(largest > 0);
      for (size_t i = 0; i < values->size(); i += values->size() / 3 + 1) {
        const float value = (*values)[i];
        (*values)[i] = value + step;
        const double above = Loss(trainer, batch, noise);
        (*values)[i] = value - step;
        const double below = Loss(trainer, batch, noise);
        (*values)[i] = value;
        const double expected = (above - below) / (2 * step);
        EXPECT(std::fabs(expected - (*grads)[i]) <= tolerance * largest + 1e-3);
      }
    }
  }
}

void gradients_are_those_of_finite_differences() {
  for (const char* architecture : kArchitectures) {
    const test::TinyModel file(architecture);
    auto trainer = Open(file.path(), Options());
    TrainBatch batch = Packed({Some(13, 1), Some(20, 2)});
    // Some count more, some are pushed down, some do not count at all.
    for (size_t i = 0; i < batch.targets.size(); ++i) {
      batch.targets[i].weight = i % 5 == 4 ? -0.7f : 0.25f * float(i % 4);
      batch.targets[i].is_plain = i % 10 == 9;
    }
    ExpectGradients(*trainer, batch, 0);
  }
}

void gradients_hold_with_some_inputs_left_out() {
  const test::TinyModel file;
  TrainerOptions options = Options();
  options.dropout = 0.3f;
  auto trainer = Open(file.path(), options);
  ExpectGradients(*trainer, Packed({Some(9, 1)}), 77);
}

void texts_that_are_packed_together_do_not_see_each_other() {
  for (const char* architecture : {"llama", "gemma3"}) {
    const test::TinyModel file(architecture);
    auto trainer = Open(file.path(), Options());
    const auto one = Some(50, 1), two = Some(37, 2);
    Finish(*trainer, Packed({one, two}), TrainGraph::kLoss);
    const std::vector<float> together = trainer->nll();
    Finish(*trainer, Packed({two}), TrainGraph::kLoss);
    const std::vector<float> alone = trainer->nll();
    ExpectClose({together.end() - ptrdiff_t(alone.size()), together.end()}, alone, 1e-4);
  }
}

// A beginning and two ways to go on, each learned as if it stood alone after the beginning.
TrainBatch Branched(const std::vector<int32_t>& begin, const std::vector<int32_t>& one,
                    const std::vector<int32_t>& two) {
  TrainBatch batch;
  const auto n = int32_t(begin.size());
  const auto add = [&](int32_t token, int32_t position, int32_t first, Span context) {
    batch.tokens.push_back(token);
    batch.positions.push_back(position);
    batch.first.push_back(first);
    batch.context.push_back(context);
  };
  for (int32_t i = 0; i < n; ++i) add(begin[size_t(i)], i, 0, {});
  for (const auto* text : {&one, &two}) {
    const auto first = int32_t(batch.tokens.size());
    for (size_t i = 0; i < text->size(); ++i) {
      if (i > 0) batch.targets.push_back({first + int32_t(i) - 1, (*text)[i], 0.5f});
      add((*text)[i], n + int32_t(i), first, {0, n});
    }
  }
  return batch;
}

void ways_to_go_on_share_what_comes_before() {
  for (const char* architecture : kArchitectures) {
    const test::TinyModel file(architecture);
    auto trainer = Open(file.path(), Options());
    const auto begin = Some(30, 1), one = Some(12, 2), two = Some(45, 3);
    const TrainBatch batch = Branched(begin, one, two);
    Finish(*trainer, batch, TrainGraph::kLoss);
    const std::vector<float> branched = trainer->nll();
    std::vector<float> alone;
    for (const auto* text : {&one, &two}) {
      auto whole = begin;
      whole.insert(whole.end(), text->begin(), text->end());
      Finish(*trainer, Packed({whole}), TrainGraph::kLoss);
      alone.insert(alone.end(), trainer->nll().begin() + 30, trainer->nll().end());
    }
    ExpectClose(branched, alone, 1e-4);
    ExpectGradients(*trainer, batch, 0);
  }
}

// The portable form on the CPU, which has every operation: its losses and gradients are the fast
// form's.
TrainerOptions Portable() {
  TrainerOptions options = Options();
  options.device = "CPU";
  return options;
}

std::vector<float> Gradients(Trainer& trainer) {
  std::vector<float> all;
  for (const Lora& lora : trainer.loras()) {
    all.insert(all.end(), lora.grad_a.begin(), lora.grad_a.end());
    all.insert(all.end(), lora.grad_b.begin(), lora.grad_b.end());
  }
  return all;
}

void the_portable_form_gives_what_the_fast_one_does() {
  for (const char* architecture : kArchitectures) {
    const test::TinyModel file(architecture);
    for (const float dropout : {0.0f, 0.3f}) {
      TrainerOptions options = Options();
      options.dropout = dropout;
      auto fast = Open(file.path(), options);
      // Gemma's GELU is read from a table of half precision: the last bit of what goes in can move
      // it by one of its steps.
      const double tolerance = fast->model().architecture().gate_is_gelu ? 1e-3 : 1e-4;
      options.device = "CPU";
      auto portable = Open(file.path(), options);
      TrainBatch batch = Branched(Some(30, 1), Some(12, 2), Some(45, 3));
      for (size_t i = 0; i < batch.targets.size(); ++i) {
        batch.targets[i].weight = i % 5 == 4 ? -0.7f : 0.25f * float(i % 4);
        batch.targets[i].is_plain = i % 10 == 9;
      }
      // Twice: what the first pass left behind must not count in the second.
      for (int pass = 0; pass < 2; ++pass) {
        for (Trainer* trainer : {fast.get(), portable.get()}) {
          trainer->ClearGradients();
          Finish(*trainer, batch, TrainGraph::kGradient, 77);
        }
        ExpectClose(portable->nll(), fast->nll(), tolerance);
        const auto expected = Gradients(*fast);
        float largest = 0;
        for (float value : expected) largest = std::max(largest, std::fabs(value));
        EXPECT(largest > 0.01f);
        ExpectClose(Gradients(*portable), expected, tolerance * std::max(1.0f, largest));
      }
      Finish(*fast, batch, TrainGraph::kLogits);
      Finish(*portable, batch, TrainGraph::kLogits);
      ExpectClose(portable->graph().Logits(), fast->graph().Logits(), 1e-3);
    }
  }
}

// A text some of whose parts are learned, each behind what comes before it as the model alone reads
// it.
TrainBatch TwoStreams(const std::vector<int32_t>& text, const std::vector<Span>& learned) {
  TrainBatch batch;
  const auto add = [&](int32_t position, int32_t first, Span context) {
    batch.tokens.push_back(text[size_t(position)]);
    batch.positions.push_back(position);
    batch.first.push_back(first);
    batch.context.push_back(context);
  };
  batch.transcript = learned.back().begin;
  for (int32_t i = 0; i < batch.transcript; ++i) add(i, 0, {});
  for (const Span& part : learned) {
    const auto first = int32_t(batch.tokens.size());
    for (int32_t i = part.begin; i + 1 < part.end; ++i) {
      batch.targets.push_back({int32_t(batch.tokens.size()), text[size_t(i) + 1], 0.5f});
      add(i, first, {0, part.begin});
    }
  }
  return batch;
}

const std::vector<Span> kSpeeches = {{11, 20}, {33, 75}};  // more than Gemma's window

// What a trainer holds as an adapter in full precision, through a file.
std::unique_ptr<Adapter> Exactly(Trainer& trainer, const std::shared_ptr<Model>& model) {
  char path[] = "/tmp/dramatis-adapter-XXXXXX";
  const int descriptor = mkstemp(path);
  if (descriptor >= 0) close(descriptor);
  gguf_context* file = gguf_init_empty();
  gguf_set_val_str(file, "general.architecture", trainer.model().architecture().name.c_str());
  gguf_set_val_str(file, "general.type", "adapter");
  gguf_set_val_str(file, "adapter.type", "lora");
  gguf_set_val_f32(file, "adapter.lora.alpha", trainer.scale() * 4);
  ggml_context* tensors = ggml_init({size_t(4) << 20, nullptr, false});
  for (const Lora& lora : trainer.loras()) {
    ggml_tensor* a = ggml_new_tensor_2d(tensors, GGML_TYPE_F32, lora.in, lora.rank);
    ggml_tensor* b = ggml_new_tensor_2d(tensors, GGML_TYPE_F32, lora.rank, lora.out);
    std::copy(lora.a.begin(), lora.a.end(), ggml_get_data_f32(a));
    for (int row = 0; row < lora.out; ++row)
      for (int r = 0; r < lora.rank; ++r)
        ggml_get_data_f32(b)[row * lora.rank + r] = lora.b[size_t(r) * lora.out + row];
    ggml_set_name(a, (lora.name + ".lora_a").c_str());
    ggml_set_name(b, (lora.name + ".lora_b").c_str());
    gguf_add_tensor(file, a);
    gguf_add_tensor(file, b);
  }
  gguf_write_to_file(file, path, /*only_meta=*/false);
  ggml_free(tensors);
  gguf_free(file);
  auto adapter = std::make_unique<Adapter>(model, path);
  std::remove(path);
  return adapter;
}

// Log-probabilities of llama.cpp itself, in full precision: the text before a part with no adapter
// on, the part with it.
std::vector<float> Stock(const std::shared_ptr<Model>& model, const Adapter& adapter,
                         const std::vector<int32_t>& text, Span part) {
  llama_context_params params = llama_context_default_params();
  params.n_ctx = 256;
  params.type_k = params.type_v = GGML_TYPE_F32;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  params.n_threads = params.n_threads_batch = 1;
  llama_context* context = llama_init_from_model(model->get(), params);
  const auto decode = [&](int32_t begin, int32_t end) {
    llama_batch batch = llama_batch_init(end - begin, 0, 1);
    for (int32_t i = begin; i < end; ++i) {
      const int at = batch.n_tokens++;
      batch.token[at] = text[size_t(i)];
      batch.pos[at] = i;
      batch.n_seq_id[at] = 1;
      batch.seq_id[at][0] = 0;
      batch.logits[at] = true;
    }
    EXPECT(llama_decode(context, batch) == 0);
    llama_batch_free(batch);
  };
  decode(0, part.begin);
  llama_adapter_lora* applied = adapter.get();
  float gain = 1;
  EXPECT(llama_set_adapters_lora(context, &applied, 1, &gain) == 0);
  decode(part.begin, part.end - 1);
  std::vector<float> nll;
  for (int32_t i = part.begin; i + 1 < part.end; ++i) {
    const float* logits = llama_get_logits_ith(context, i - part.begin);
    double sum = 0;
    for (int v = 0; v < kVocabulary; ++v) sum += std::exp(double(logits[v]));
    nll.push_back(float(std::log(sum) - logits[text[size_t(i) + 1]]));
  }
  llama_free(context);
  return nll;
}

void what_is_learned_behind_a_transcript_is_what_an_adapter_does_that_is_put_on_there() {
  for (const char* architecture : kArchitectures) {
    const test::TinyModel file(architecture);
    for (const char* device : {"", "CPU"}) {
      TrainerOptions options = Options();
      options.device = device;
      auto trainer = Open(file.path(), options);
      const auto text = Some(90, 4);
      Finish(*trainer, TwoStreams(text, kSpeeches), TrainGraph::kLoss);
      LoadProgress progress;
      auto model = Model::Open(file.path(), 0, progress);
      const auto adapter = Exactly(*trainer, model);
      std::vector<float> expected;
      for (const Span& part : kSpeeches) {
        const auto nll = Stock(model, *adapter, text, part);
        expected.insert(expected.end(), nll.begin(), nll.end());
      }
      // See the_portable_form_gives_what_the_fast_one_does: sums in another order than llama.cpp's
      // are enough to move it, and each set of kernels has its own.
      const bool is_rough = trainer->model().architecture().gate_is_gelu;
      ExpectClose(trainer->nll(), expected, is_rough ? 1e-3 : 1e-4);
      // With the adapter acting throughout, all of it would be something else.
      TrainBatch adapted = TwoStreams(text, kSpeeches);
      adapted.transcript = 0;
      Finish(*trainer, adapted, TrainGraph::kLoss);
      double difference = 0;
      for (size_t i = 0; i < expected.size(); ++i)
        difference = std::max(difference, std::fabs(double(expected[i]) - trainer->nll()[i]));
      EXPECT(difference > 0.05);
    }
  }
}

void gradients_behind_a_transcript_are_those_of_finite_differences() {
  for (const char* architecture : kArchitectures) {
    const test::TinyModel file(architecture);
    const TrainBatch batch = TwoStreams(Some(90, 4), kSpeeches);
    TrainerOptions options = Options();
    options.dropout = 0.2f;
    auto fast = Open(file.path(), options);
    ExpectGradients(*fast, batch, 77, 0.15);
    options.device = "CPU";
    auto portable = Open(file.path(), options);
    for (Trainer* trainer : {fast.get(), portable.get()}) {
      trainer->ClearGradients();
      Finish(*trainer, batch, TrainGraph::kGradient, 77);
    }
    const auto expected = Gradients(*fast);
    float largest = 0;
    for (float value : expected) largest = std::max(largest, std::fabs(value));
    const bool is_rough = fast->model().architecture().gate_is_gelu;
    ExpectClose(Gradients(*portable), expected, (is_rough ? 1e-3 : 1e-4) * std::max(1.0f, largest));
  }
}

void a_transcript_that_was_read_before_gives_the_same_bits() {
  const test::TinyModel file;
  const TrainBatch batch = TwoStreams(Some(90, 4), kSpeeches);
  auto trainer = Open(file.path(), Options());
  const auto gradients = [&] {
    trainer->ClearGradients();
    Finish(*trainer, batch, TrainGraph::kGradient);
    return Gradients(*trainer);
  };
  const auto fresh = gradients();
  const size_t kept = trainer->transcripts().bytes();
  EXPECT(kept == 33u * 4 * 2 * 2 * 16);  // tokens × bytes × keys and values × layers × width
  EXPECT(gradients() == fresh);
  EXPECT(trainer->transcripts().bytes() == kept);
  // In slices, too, and after a pass that was given up while it read.
  auto other = Open(file.path(), Options());
  other->Begin(TwoStreams(Some(80, 5), kSpeeches), TrainGraph::kGradient);
  other->Continue(0);
  std::swap(trainer, other);
  EXPECT(gradients() == fresh);
}

void what_there_is_no_room_for_is_kept_for_one_pass() {
  Transcripts transcripts(/*layers=*/1, /*width=*/2, /*most_bytes=*/32);
  const std::vector<float> keys = {1, 2, 3, 4}, values = {5, 6, 7, 8};
  transcripts.Add({9, 8}, 0, keys, values, 0);
  transcripts.Add({7}, 0, keys, values, 1);
  const auto& read = transcripts.Read({7}, 0);
  EXPECT((read.keys == std::vector<float>{3, 4} && read.values == std::vector<float>{7, 8}));
  EXPECT(transcripts.bytes() == 48);
  transcripts.Trim();
  EXPECT(transcripts.Has({9, 8}) && !transcripts.Has({7}) && transcripts.bytes() == 32);
}

void the_portable_form_has_a_subset_of_matrices_and_layers_too() {
  const test::TinyModel file;
  TrainerOptions options = Portable();
  options.first_layer = 1;
  options.matrices = 1u << kValue | 1u << kDown;
  auto portable = Open(file.path(), options);
  ExpectGradients(*portable, Packed({Some(15, 1)}), 0);
}

void the_portable_form_has_no_operations_but_those_that_all_back_ends_have() {
  for (const char* architecture : kArchitectures) {
    const test::TinyModel file(architecture);
    for (const char* device : {"", "CPU"}) {
      TrainerOptions options = Options();
      options.dropout = 0.3f;
      options.device = device;
      auto trainer = Open(file.path(), options);
      TrainBatch batch = Packed({Some(13, 1), Some(20, 2)});
      batch.targets[3].weight = -0.5f;
      bool is_allowed = true;
      for (const auto mode : {TrainGraph::kGradient, TrainGraph::kLoss, TrainGraph::kLogits}) {
        trainer->Begin(batch, mode);
        for (const std::string& name : trainer->graph().Operations()) {
          const bool is_known =
              std::find(kPortableOps.begin(), kPortableOps.end(), name) != kPortableOps.end();
          is_allowed = is_allowed && is_known;
          if (!is_known && *device) std::fprintf(stderr, "%s\n", name.c_str());
        }
      }
      EXPECT(is_allowed == (*device != 0));  // the fast form has nodes of our own
    }
  }
  const test::TinyModel file;
  TrainerOptions options = Options();
  options.device = "no such device";
  EXPECT(CodeOf([&] { Trainer trainer(file.path(), options); }) == "NATIVE_MISSING");
}

std::vector<float> GradientsOf(Trainer& trainer, double seconds) {
  trainer.ClearGradients();
  trainer.Begin(Packed({Some(60, 1), Some(30, 4)}), TrainGraph::kGradient);
  while (!trainer.Continue(seconds)) {
  }
  return Gradients(trainer);
}

void the_same_bits_on_one_thread_and_on_two_and_in_slices() {
  const test::TinyModel file;
  auto trainer = Open(file.path(), Options());
  const auto once = GradientsOf(*trainer, 10);
  EXPECT(GradientsOf(*trainer, 0) == once);
  Compute::Get().SetThreads(1, false);
  EXPECT(GradientsOf(*trainer, 10) == once);
  Compute::Get().SetThreads(2, false);
}

void every_set_of_kernels_gives_the_same() {
  const test::TinyModel file;
  TrainerOptions options = Options();
  options.kernels = "plain";
  const auto plain = GradientsOf(*Open(file.path(), options), 10);
  float largest = 0;
  for (float value : plain) largest = std::max(largest, std::fabs(value));
  for (const char* name : {"plain", "avx2", "avx512", "avx512bf16", "amx"}) {
    if (KernelsNamed(name) == nullptr) continue;
    options.kernels = name;
    options.precision = "f32";
    ExpectClose(GradientsOf(*Open(file.path(), options), 10), plain, 1e-4 * largest);
    options.precision = "bf16";
    ExpectClose(GradientsOf(*Open(file.path(), options), 10), plain, 0.05 * largest);
  }
}

// A number below the smallest normal one would take an Intel processor 150 cycles, in each product.
void numbers_next_to_zero_are_zero() {
#if defined(__x86_64__) || defined(__aarch64__)
  ggml_context_ptr context(ggml_init({1 << 20, nullptr, /*no_alloc=*/false}));
  ggml_tensor* x = ggml_new_tensor_2d(context.get(), GGML_TYPE_F32, 4, 3);
  for (int i = 0; i < 12; ++i) static_cast<float*>(x->data)[i] = 1e-39f;
  const float low[] = {1, 1, 1, 1};
  CpuOps ops(context.get(), BestKernels());
  ggml_tensor* sums = ops.Down(low, 1, x, 1.0f);
  ggml_cgraph* graph = ggml_new_graph(context.get());
  ggml_build_forward_expand(graph, sums);
  EXPECT(ggml_backend_graph_compute(Compute::Get().CpuBackend().get(), graph) ==
         GGML_STATUS_SUCCESS);
  for (int i = 0; i < 3; ++i) EXPECT(static_cast<float*>(sums->data)[i] == 0);
#endif
}

void a_subset_of_matrices_and_layers_is_trained_alone() {
  const test::TinyModel file;
  auto whole = Open(file.path(), Options());
  TrainerOptions options = Options();
  options.first_layer = 1;
  options.matrices = 1u << kValue | 1u << kDown;
  auto some = Open(file.path(), options);
  EXPECT(some->loras().size() == 2);
  EXPECT(some->loras()[0].name == "blk.1.attn_v.weight");
  EXPECT(some->loras()[1].name == "blk.1.ffn_down.weight");
  ExpectGradients(*some, Packed({Some(15, 1)}), 0);
}

// An adapter that is frozen into the base changes nothing but where the change comes from.
void what_is_frozen_in_counts_like_an_adapter() {
  const test::TinyModel file;
  auto fused = Open(file.path(), Options());
  const TrainBatch batch = Packed({Some(30, 1)});
  std::vector<FixedLora> fixed;
  for (const Lora& lora : fused->loras())
    fixed.push_back({lora.name, lora.rank, fused->scale(), lora.a, lora.Out()});
  Trainer on_top(file.path(), Options(), fixed);
  while (on_top.LoadMore()) {
  }
  on_top.Reset(3);
  Finish(*fused, batch, TrainGraph::kLoss);
  Finish(on_top, batch, TrainGraph::kLoss);
  ExpectClose(on_top.nll(), fused->nll(), 1e-4);
  fixed[0].a.pop_back();
  EXPECT(CodeOf([&] {
           Trainer wrong(file.path(), Options(), fixed);
           wrong.LoadMore();
         }) == "ADAPTER_MISMATCH");
}

void saved_and_restored_goes_on_with_the_same_bits() {
  const test::TinyModel file;
  const auto step = [](Trainer& trainer, int seed) {
    TrainBatch batch = Packed({Some(25, seed)});
    Finish(trainer, batch, TrainGraph::kGradient);
    trainer.Step({});
  };
  auto one = Open(file.path(), Options());
  for (int i = 0; i < 3; ++i) step(*one, i);
  const auto state = one->Save();
  step(*one, 3);
  auto two = Open(file.path(), Options());
  two->Restore(state, 3);
  step(*two, 3);
  EXPECT(one->Save() == two->Save());
}

// Against another implementation: bench/peft-reference.py has the same model, factors and texts.
void gradients_and_losses_are_those_of_pytorch_and_peft() {
  const test::TinyModel file;
  Trainer trainer(file.path(), Options());
  while (trainer.LoadMore()) {
  }
  trainer.Reset(1);
  for (size_t m = 0; m < trainer.loras().size(); ++m) {
    Lora& lora = trainer.loras()[m];
    for (size_t i = 0; i < lora.a.size(); ++i)
      lora.a[i] = float(0.1 * std::sin(0.7 * double(i) + double(m) + 1));
    for (int row = 0; row < lora.out; ++row) {
      for (int r = 0; r < lora.rank; ++r) {
        const double i = row * lora.rank + r;
        lora.b[size_t(r) * lora.out + row] = float(0.05 * std::cos(0.3 * i + double(m)));
      }
    }
  }
  TrainBatch batch = Packed({Some(13, 1), Some(20, 2)});
  const double count = double(batch.targets.size());
  for (Target& target : batch.targets) target.weight = float(1 / count);
  AdamWOptions adam;
  adam.rate = 1e-2f;
  const auto expect = [](double value, double expected, double scale) {
    EXPECT(std::fabs(value - expected) <= 1e-3 * scale);
  };
  for (int step = 0; step < 20; ++step) {
    Finish(trainer, batch, TrainGraph::kGradient);
    double loss = 0;
    for (float nll : trainer.nll()) loss += nll / count;
    expect(loss, test::kPeftLosses[step], 1);
    for (size_t m = 0; step == 0 && m < trainer.loras().size(); ++m) {
      const Lora& lora = trainer.loras()[m];
      const double* expected = test::kPeftGradients[m];
      double length = 0, product = 0;
      for (size_t i = 0; i < lora.grad_a.size(); ++i) {
        length += double(lora.grad_a[i]) * lora.grad_a[i];
        product += lora.grad_a[i] * std::cos(double(i));
      }
      expect(std::sqrt(length), expected[0], expected[0]);
      expect(product, expected[1], expected[0]);
      length = product = 0;
      for (int row = 0; row < lora.out; ++row) {
        for (int r = 0; r < lora.rank; ++r) {
          const double grad = lora.grad_b[size_t(r) * lora.out + row];
          length += grad * grad;
          product += grad * std::cos(double(row * lora.rank + r));
        }
      }
      expect(std::sqrt(length), expected[2], expected[2]);
      expect(product, expected[3], expected[2]);
    }
    trainer.Step(adam);
  }
}

void steps_lower_the_loss() {
  for (const char* precision : {"f32", "bf16"}) {
    const test::TinyModel file;
    TrainerOptions options = Options();
    options.precision = precision;
    auto trainer = std::make_unique<Trainer>(file.path(), options);
    while (trainer->LoadMore()) {
    }
    trainer->Reset(1);
    TrainBatch batch = Packed({Some(40, 1)});
    for (Target& target : batch.targets) target.weight = 1 / 39.0f;
    const double before = Loss(*trainer, batch);
    AdamWOptions adam;
    adam.rate = 1e-2f;
    for (int step = 0; step < 60; ++step) {
      Finish(*trainer, batch, TrainGraph::kGradient);
      EXPECT(trainer->Step(adam) > 0);
    }
    EXPECT(Loss(*trainer, batch) < 0.5 * before);
  }
}

void what_does_not_fit_is_refused() {
  const test::TinyModel file;
  auto trainer = Open(file.path(), Options());
  const auto refused = [&](auto&& spoil) {
    TrainBatch batch = Packed({Some(10, 1)});
    spoil(batch);
    return CodeOf([&] { trainer->Begin(batch, TrainGraph::kLoss); }) == "NATIVE_FAILED";
  };
  EXPECT(!refused([](TrainBatch&) {}));
  EXPECT(refused([](TrainBatch& batch) { batch.tokens[3] = kVocabulary; }));
  EXPECT(refused([](TrainBatch& batch) { batch.targets[0].row = 10; }));
  EXPECT(refused([](TrainBatch& batch) { batch.targets[1].row = batch.targets[0].row; }));
  EXPECT(refused([](TrainBatch& batch) { batch.first[2] = 3; }));
  EXPECT(refused([](TrainBatch& batch) { batch.context[2] = {0, 5}; }));
  EXPECT(refused([](TrainBatch& batch) { batch.positions.pop_back(); }));
  EXPECT(refused([](TrainBatch& batch) { batch.targets.clear(); }));
  EXPECT(refused([](TrainBatch& batch) { batch.transcript = 4; }));
  const auto torn = [&](auto&& spoil) {
    TrainBatch batch = TwoStreams(Some(90, 4), kSpeeches);
    spoil(batch);
    return CodeOf([&] { trainer->Begin(batch, TrainGraph::kLoss); }) == "NATIVE_FAILED";
  };
  EXPECT(!torn([](TrainBatch&) {}));
  EXPECT(torn([](TrainBatch& batch) { batch.targets[0].row = 5; }));
  EXPECT(torn([](TrainBatch& batch) { batch.positions[3] = 4; }));
  EXPECT(torn([](TrainBatch& batch) { batch.first[3] = 3; }));
  EXPECT(torn([](TrainBatch& batch) { batch.context[5] = {0, 0}, batch.first[5] = 2; }));
  EXPECT(torn([](TrainBatch& batch) { batch.first[33] = 12; }));
  EXPECT(torn([](TrainBatch& batch) { batch.context[44] = {0, 36}; }));
  EXPECT(torn([](TrainBatch& batch) { batch.transcript = int32_t(batch.tokens.size()); }));
  EXPECT(CodeOf([&] {
           Trainer(file.path(), Options()).Begin(Packed({Some(4, 1)}), TrainGraph::kLoss);
         }) == "NATIVE_FAILED");
  EXPECT(CodeOf([&] { Open(file.path(), Options())->nll(); }) == "NATIVE_FAILED");
  EXPECT(CodeOf([&] { trainer->Restore({1, 2}, 3); }) == "NATIVE_FAILED");
  TrainerOptions options = Options();
  options.first_layer = 2;
  EXPECT(CodeOf([&] { Trainer(file.path(), options); }) == "NATIVE_FAILED");
  EXPECT(CodeOf([&] { Trainer("/nowhere.gguf", Options()); }) == "MODEL_UNREADABLE");
}

}  // namespace

int main() {
  Compute::Get().Load("", {});
  Compute::Get().SetThreads(2, false);
  RUN(logits_are_those_of_llama_cpp);
  RUN(gradients_are_those_of_finite_differences);
  RUN(gradients_hold_with_some_inputs_left_out);
  RUN(texts_that_are_packed_together_do_not_see_each_other);
  RUN(ways_to_go_on_share_what_comes_before);
  RUN(the_portable_form_gives_what_the_fast_one_does);
  RUN(what_is_learned_behind_a_transcript_is_what_an_adapter_does_that_is_put_on_there);
  RUN(gradients_behind_a_transcript_are_those_of_finite_differences);
  RUN(a_transcript_that_was_read_before_gives_the_same_bits);
  RUN(what_there_is_no_room_for_is_kept_for_one_pass);
  RUN(the_portable_form_has_a_subset_of_matrices_and_layers_too);
  RUN(the_portable_form_has_no_operations_but_those_that_all_back_ends_have);
  RUN(the_same_bits_on_one_thread_and_on_two_and_in_slices);
  RUN(every_set_of_kernels_gives_the_same);
  RUN(numbers_next_to_zero_are_zero);
  RUN(a_subset_of_matrices_and_layers_is_trained_alone);
  RUN(what_is_frozen_in_counts_like_an_adapter);
  RUN(saved_and_restored_goes_on_with_the_same_bits);
  RUN(gradients_and_losses_are_those_of_pytorch_and_peft);
  RUN(steps_lower_the_loss);
  RUN(what_does_not_fit_is_refused);
}
