#include "core/model.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

#include "core/bank/adapter_bank.h"
#include "core/compute.h"
#include "core/error.h"
#include "core/file_pages.h"
#include "core/forward/layout.h"
#include "core/grammar/grammar.h"
#include "core/log.h"
#include "llama-model.h"

namespace dramatis {
namespace {

// Of a load: what is told of it, and what it is of.
struct Load {
  LoadProgress& progress;
  const std::string& path;
  size_t file_bytes = 0;
  size_t own_bytes = 0;  // of the process, before the first weight
  float released = -1;   // the fraction at which pages were given back last
};

// While weights are copied, into the layout of a unit of this CPU or onto a device, the pages that
// they come from are given back, a part at a time: else the peak is the file and its copy. That
// they are copied is seen by what the process has of its own.
void ReleaseWhatIsCopied(float fraction, Load& load) {
  constexpr float kPart = 1 / 16.0f;
  if (load.released >= 0 && fraction - load.released < kPart) return;
  const size_t own = FilePages::OwnBytes();
  if (load.released < 0) load.own_bytes = own;
  load.released = fraction;
  const double read = double(fraction) * double(load.file_bytes);
  if (own > load.own_bytes && double(own - load.own_bytes) > 0.25 * read)
    FilePages(load.path).ReleaseAllBut({});
}

bool IsGpu(ggml_backend_dev_t device) {
  const auto type = ggml_backend_dev_type(device);
  return type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU;
}

bool OnProgress(float fraction, void* user) {
  auto& load = *static_cast<Load*>(user);
  load.progress.fraction = fraction;
  ReleaseWhatIsCopied(fraction, load);
  return !load.progress.cancelled;  // false stops the load
}

// What the model reads from the mapped file itself stays.
void ReleaseAllButWeights(const llama_model* model, const std::string& path) {
  std::vector<FilePages::Range> kept;
  for (const auto& [name, tensor] : model->tensors_by_name) {
    if (tensor->buffer == nullptr || !ggml_backend_buffer_is_host(tensor->buffer)) continue;
    const auto* data = static_cast<const char*>(tensor->data);
    kept.emplace_back(data, data + ggml_nbytes(tensor));
  }
  FilePages(path).ReleaseAllBut(std::move(kept));
}

size_t BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  return file ? size_t(file.tellg()) : 0;
}

bool Encloses(const std::string& name, const std::string& open, const std::string& close) {
  return name.size() > open.size() + close.size() && name.compare(0, open.size(), open) == 0 &&
         name.compare(name.size() - close.size(), close.size(), close) == 0;
}

// Whether a token is called as the markers of chat templates are. Many files give markers a type
// that text can become: then the name has to tell. Tokens of the type for added words may have any
// name in brackets; ordinary ones, which may be words of a markup language, one of those in use.
bool IsMarkerName(const std::string& name, bool is_added) {
  if (name.find_first_of(" \t\r\n") != std::string::npos) return false;
  if (is_added) return Encloses(name, "<", ">") || Encloses(name, "[", "]");
  static const std::set<std::string> kKnown = {
      "<s>",    "</s>",    "<bos>",   "<eos>",    "<start_of_turn>", "<end_of_turn>",
      "[INST]", "[/INST]", "<think>", "</think>", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"};
  return Encloses(name, "<|", "|>") || Encloses(name, "[|", "|]") ||
         Encloses(name, "<\uff5c", "\uff5c>") || kKnown.count(name) > 0;
}

}  // namespace

void Model::Free::operator()(llama_model* model) const noexcept { llama_model_free(model); }

Model::Model(llama_model* model, RpcServers servers)
    : model_(model), vocab_(llama_model_get_vocab(model)), servers_(std::move(servers)) {
  const int n = llama_vocab_n_tokens(vocab_);
  markers_.resize(size_t(n));
  for (llama_token token = 0; token < n; ++token) {
    const auto attr = llama_vocab_get_attr(vocab_, token);
    const std::string name = llama_vocab_get_text(vocab_, token);
    const bool is_control = attr & LLAMA_TOKEN_ATTR_CONTROL;
    const bool is_marker =
        !is_control && IsMarkerName(name, attr & LLAMA_TOKEN_ATTR_USER_DEFINED) &&
        !(attr & (LLAMA_TOKEN_ATTR_UNKNOWN | LLAMA_TOKEN_ATTR_BYTE | LLAMA_TOKEN_ATTR_UNUSED));
    markers_[size_t(token)] = is_marker;
    if (is_control || is_marker) specials_.emplace(name, token);
  }
}

Model::~Model() = default;

std::shared_ptr<bank::AdapterBank> Model::bank() {
  std::lock_guard<std::mutex> lock(making_bank_);
  if (!bank_)
    bank_ = std::make_shared<bank::AdapterBank>(
        model_.get(), bank_options_ ? *bank_options_ : bank::BankOptions{});
  return bank_;
}

std::shared_ptr<bank::AdapterBank> Model::made_bank() {
  std::lock_guard<std::mutex> lock(making_bank_);
  return bank_;
}

void Model::SetBank(const bank::BankOptions& options) {
  std::lock_guard<std::mutex> lock(making_bank_);
  bank_options_ = std::make_unique<bank::BankOptions>(options);
}

std::shared_ptr<Model> Model::Open(const std::string& path, int gpu_layers, LoadProgress& progress,
                                   const std::vector<std::string>& servers,
                                   const std::vector<int>& matrix_types) {
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = gpu_layers;
  const RpcServers remote = servers.empty() ? RpcServers() : RpcServers(servers);
  std::vector<ggml_backend_dev_t> devices = remote.devices();
  for (size_t i = 0; i < ggml_backend_dev_count(); ++i)
    if (IsGpu(ggml_backend_dev_get(i))) devices.push_back(ggml_backend_dev_get(i));
  devices.push_back(nullptr);
  // With no layers on it, a device is not opened at all: llama.cpp would keep buffers on it and
  // compute large products there (op_offload), whatever was asked for.
  if (gpu_layers == 0) devices = {nullptr};
  if (gpu_layers == 0 || !servers.empty()) params.devices = devices.data();
  // Our kernels compute where the CPU does all.
  const bool is_on_cpu = gpu_layers == 0 || devices.size() == 1;
  if (is_on_cpu && !matrix_types.empty())
    params.use_extra_bufts = !forward::StaysAsInFile(matrix_types);
  params.progress_callback = OnProgress;
  Load load{progress, path, BytesOf(path)};
  params.progress_callback_user_data = &load;
  TakeLoggedError();
  auto model = remote.Computing([&] {
    return std::unique_ptr<llama_model, Free>(llama_model_load_from_file(path.c_str(), params));
  });
  if (!model) {
    if (progress.cancelled) throw Error("MODEL_UNREADABLE", "loading " + path + " was stopped");
    throw Error("MODEL_UNREADABLE", path + " could not be loaded: " + TakeLoggedError());
  }
  // Every question about a missing vocabulary is an assertion that ends the process.
  if (llama_vocab_type(llama_model_get_vocab(model.get())) == LLAMA_VOCAB_TYPE_NONE) {
    throw Error("MODEL_UNREADABLE", path + " has no vocabulary");
  }
  ReleaseAllButWeights(model.get(), path);
  return std::shared_ptr<Model>(new Model(model.release(), remote));
}

std::vector<llama_token> Model::Tokenize(const std::string& text) const {
  // A token is never shorter than a byte; the slack is for what a tokenizer puts before the text.
  std::vector<llama_token> tokens(text.size() + 8);
  int n = llama_tokenize(vocab_, text.data(), int(text.size()), tokens.data(), int(tokens.size()),
                         /*add_special=*/false, /*parse_special=*/false);
  if (n < 0) {
    tokens.resize(size_t(-n));
    n = llama_tokenize(vocab_, text.data(), int(text.size()), tokens.data(), -n, false, false);
  }
  tokens.resize(size_t(std::max(0, n)));
  const auto is_marker = [this](llama_token token) { return markers_[size_t(token)]; };
  if (std::none_of(tokens.begin(), tokens.end(), is_marker)) return tokens;
  // llama.cpp keeps control tokens out of text, and no others: a marker of another type is spelled,
  // its first character on its own.
  std::vector<llama_token> spelled;
  for (const llama_token token : tokens) {
    if (!is_marker(token)) {
      spelled.push_back(token);
      continue;
    }
    const std::string name = llama_vocab_get_text(vocab_, token);
    for (const std::string& part : {name.substr(0, 1), name.substr(1)}) {
      const std::vector<llama_token> parts = Tokenize(part);
      spelled.insert(spelled.end(), parts.begin(), parts.end());
    }
  }
  return spelled;
}

std::string Model::Piece(llama_token token) const {
  if (token >= 0 && size_t(token) < markers_.size() && markers_[size_t(token)] &&
      Encloses(llama_vocab_get_text(vocab_, token), "<|", "|>"))
    return "";
  char buffer[256];
  int n =
      llama_token_to_piece(vocab_, token, buffer, sizeof buffer, /*lstrip=*/0, /*special=*/false);
  if (n >= 0) return std::string(buffer, size_t(n));
  std::string piece(size_t(-n), '\0');
  llama_token_to_piece(vocab_, token, piece.data(), -n, 0, false);
  return piece;
}

llama_token Model::Special(const std::string& text) const {
  auto found = specials_.find(text);
  return found == specials_.end() ? -1 : found->second;
}

std::string Model::Metadata(const std::string& key) const {
  const int n = llama_model_meta_val_str(model_.get(), key.c_str(), nullptr, 0);
  if (n < 0) return "";
  std::string value(size_t(n) + 1, '\0');
  llama_model_meta_val_str(model_.get(), key.c_str(), value.data(), value.size());
  value.resize(size_t(n));
  return value;
}

std::shared_ptr<const grammar::Vocabulary> Model::Vocabulary() const {
  std::call_once(vocabulary_made_,
                 [this] { vocabulary_ = std::make_shared<grammar::Vocabulary>(*this); });
  return vocabulary_;
}

std::shared_ptr<grammar::Grammar> Model::CompileGrammar(const std::string& text) const {
  return std::make_shared<grammar::Grammar>(Vocabulary(), text, [this](const std::string& token) {
    llama_token found[2];
    const int n = llama_tokenize(vocab_, token.data(), int(token.size()), found, 2,
                                 /*add_special=*/false, /*parse_special=*/true);
    return n == 1 ? found[0] : -1;
  });
}

int Model::vocabulary_size() const { return llama_vocab_n_tokens(vocab_); }

Model::Facts Model::GetFacts() const {
  char description[256];
  llama_model_desc(model_.get(), description, sizeof description);
  Facts facts;
  facts.description = description;
  facts.parameters = llama_model_n_params(model_.get());
  facts.bytes = llama_model_size(model_.get());
  facts.trained_window = llama_model_n_ctx_train(model_.get());
  facts.width = llama_model_n_embd(model_.get());
  facts.layers = llama_model_n_layer(model_.get());
  facts.vocabulary = vocabulary_size();
  facts.adds_start = llama_vocab_get_add_bos(vocab_);
  facts.start = llama_vocab_bos(vocab_);
  facts.separator = llama_vocab_sep(vocab_);
  facts.ends = EndTokens();
  return facts;
}

std::vector<llama_token> Model::EndTokens() const {
  std::vector<llama_token> ends;
  for (llama_token token = 0; token < vocabulary_size(); ++token)
    if (llama_vocab_is_eog(vocab_, token)) ends.push_back(token);
  return ends;
}

void Model::FreeSampler::operator()(llama_sampler* sampler) const noexcept {
  llama_sampler_free(sampler);
}

llama_sampler* Model::MakeDry(const Dry& dry) const {
  // Where a repetition may end: sentence and line ends, and the speaker label's colon.
  const char* breakers[] = {"\n", ":", "\"", "*"};
  // A program that asks for more kinds than this pays for each again.
  constexpr size_t kMostKept = 8;
  const std::lock_guard<std::mutex> lock(making_dry_);
  if (dry_.size() >= kMostKept) dry_.clear();
  auto& kept = dry_[{dry.multiplier, dry.base, dry.allowed, dry.last}];
  if (!kept) {
    kept.reset(llama_sampler_init_dry(vocab_, dry.multiplier, dry.base, dry.allowed, dry.last,
                                      breakers, std::size(breakers)));
  }
  return llama_sampler_clone(kept.get());
}

}  // namespace dramatis
