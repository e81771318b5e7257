#include "core/model.h"

#include "core/bank/adapter_bank.h"
#include "core/compute.h"
#include "core/error.h"
#include "core/grammar/grammar.h"
#include "core/log.h"

namespace dramatis {
namespace {

bool OnProgress(float fraction, void* user) {
  auto* progress = static_cast<LoadProgress*>(user);
  progress->fraction = fraction;
  return !progress->cancelled;  // false stops the load
}

}  // namespace

void Model::Free::operator()(llama_model* model) const noexcept { llama_model_free(model); }

Model::Model(llama_model* model) : model_(model), vocab_(llama_model_get_vocab(model)) {
  const int n = llama_vocab_n_tokens(vocab_);
  for (llama_token token = 0; token < n; ++token) {
    const auto attr = llama_vocab_get_attr(vocab_, token);
    if (attr & LLAMA_TOKEN_ATTR_CONTROL)
      specials_.emplace(llama_vocab_get_text(vocab_, token), token);
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

std::shared_ptr<Model> Model::Open(const std::string& path, int gpu_layers,
                                   LoadProgress& progress) {
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = gpu_layers;
  // With no layers on it, a device is not opened at all: llama.cpp would keep buffers on it and
  // compute large products there (op_offload), whatever was asked for.
  ggml_backend_dev_t none = nullptr;
  if (gpu_layers == 0) params.devices = &none;
  params.progress_callback = OnProgress;
  params.progress_callback_user_data = &progress;
  TakeLoggedError();
  std::unique_ptr<llama_model, Free> model(llama_model_load_from_file(path.c_str(), params));
  if (!model) {
    if (progress.cancelled) throw Error("MODEL_UNREADABLE", "loading " + path + " was stopped");
    throw Error("MODEL_UNREADABLE", path + " could not be loaded: " + TakeLoggedError());
  }
  // Every question about a missing vocabulary is an assertion that ends the process.
  if (llama_vocab_type(llama_model_get_vocab(model.get())) == LLAMA_VOCAB_TYPE_NONE) {
    throw Error("MODEL_UNREADABLE", path + " has no vocabulary");
  }
  return std::shared_ptr<Model>(new Model(model.release()));
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
  return tokens;
}

std::string Model::Piece(llama_token token) const {
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

}  // namespace dramatis
