#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <new>
#include <random>
#include <sstream>

#include "core/compute.h"
#include "core/error.h"
#include "core/grammar/compare.h"
#include "core/grammar/describe.h"
#include "core/grammar/product.h"
#include "expect.h"
#include "tiny_model.h"

using namespace dramatis;
using namespace dramatis::grammar;

namespace {
std::atomic<int> allocations{0};
}  // namespace

// Every allocation of this program is counted.
void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace {

std::string MessageOf(const std::string& text) {
  try {
    Grammar(Vocabulary::OfBytes(), text, nullptr);
    return "";
  } catch (const Error& error) {
    EXPECT(std::string(error.code) == "GRAMMAR_INVALID");
    return error.what();
  }
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Tokens as real vocabularies have them: bytes, parts of characters, words with and without a
// blank.
std::shared_ptr<const Vocabulary> SomeVocabulary() {
  std::vector<std::string> pieces{"", "", "\xC3", "\xE2\x80", "\x99", "\xA9", "\xE2", "\x80"};
  for (char c = ' '; c < 127; ++c) pieces.push_back(std::string(1, c));
  pieces.push_back("\n");
  for (const char* word :
       {"the",  " the", "th",   " th", "ab",   "abc", "aa",    "aaa",     "aaaa",    " a",  " b",
        "a b",  "b a",  "\n\n", "é",   " é",   "éa",  "a\xC3", "’",       "’a",      "'a",  "a'",
        "{\"",  "\":",  "\"}",  "}}",  "\",",  "[[",  "]]",    "  ",      "    ",    " 12", "3.5",
        "true", "ing",  "king", "The", " The", "a.",  ". B",   "bababab", "cccccccc"})
    pieces.push_back(word);
  return std::make_shared<const Vocabulary>(pieces, std::vector<int32_t>{1});
}

// A random grammar: text, mostly of the language.
class RandomGrammar {
 public:
  explicit RandomGrammar(uint32_t seed) : random_(seed) {}

  std::string Make() {
    std::string text = "root ::= " + Choice(2) + "\n";
    for (const char* name : {"x", "y", "z"})
      text += std::string(name) + (Below(6) == 0 ? "[temp=0.5]" : "") + " ::= \"b\" (" + Choice(2) +
              ") | \"a\"\n";
    if (Below(2) == 0) text += "%lexicon l +1.3 { the a \"a b\" -0.4 th' king }\n";
    if (Below(3) == 0) text += "%ban { ab \"the a\" }\n";
    if (Below(3) == 0) text += "%class /[a-c]+/ -0.7\n";
    return text;
  }

 private:
  uint32_t Below(uint32_t n) { return uint32_t(random_() % n); }

  std::string Choice(int depth) {
    static const char* const kWeights[] = {"", "", "", "/2/ ", "/0.1/ ", "/40/ "};
    std::string text;
    for (uint32_t i = 0, n = 1 + Below(3); i < n; ++i)
      text += (i == 0 ? "" : " | ") + std::string(kWeights[Below(6)]) + Sequence(depth);
    return text;
  }

  std::string Sequence(int depth) {
    std::string text;
    for (uint32_t i = 0, n = 1 + Below(3); i < n; ++i) text += Part(depth) + " ";
    return text;
  }

  std::string Part(int depth) {
    static const char* const kParts[] = {"\"a\"", "[a-c]", "[^\\n]",     "\"the\"", "\" \"",
                                         "x",     "y",     "z",          ".",       "\"é\"",
                                         "[^b]",  "\"\"",  "[a-z]{2,9}", "[^a’]",   "\"’\""};
    static const char* const kTimes[] = {"*", "+", "?", "{2}", "{1,3}", "{2,}", "{0,4} ~ 2"};
    if (depth == 0 || Below(3) != 0) return kParts[Below(15)];
    return "(" + Choice(depth - 1) + ")" + (Below(2) == 0 ? kTimes[Below(7)] : "");
  }

  std::mt19937 random_;
};

// The mask of a walk over the trie, against each token said by itself.
void masks_say_of_each_token_what_saying_it_does() {
  const auto vocabulary = SomeVocabulary();
  int masks = 0, weighed = 0, banned = 0;
  for (uint32_t seed = 0; seed < 200; ++seed) {
    const std::string text = RandomGrammar(seed).Make();
    std::shared_ptr<Grammar> grammar;
    try {
      grammar = std::make_shared<Grammar>(vocabulary, text, nullptr);
      Cursor cursor(grammar);
      std::mt19937 random(seed);
      for (int step = 0; step < 12; ++step) {
        const auto mask = cursor.Next();
        ++masks;
        std::vector<int32_t> open;
        std::map<int32_t, double> gains;
        for (const auto& one : mask->weighed)
          EXPECT(one.gain != 0 && gains.emplace(one.token, ToNats(one.gain)).second);
        for (int32_t token = 0; token < vocabulary->tokens(); ++token) {
          const double before = cursor.Potential();
          const bool accepted = cursor.Accept(token);
          EXPECT(accepted == mask->Allows(token));
          if (!accepted) continue;
          open.push_back(token);
          const auto gain = gains.find(token);
          weighed += gain != gains.end();
          const double earned = gain != gains.end() ? gain->second : 0;
          EXPECT(std::abs(cursor.Potential() - before - earned) < 1e-9);
          gains.erase(token);
          cursor.Rewind(cursor.length() - 1);
        }
        EXPECT(open.size() == mask->count && gains.empty());
        for (const auto& ban : mask->banned) {
          ++banned;
          EXPECT(!cursor.Accept(ban.token));
        }
        if (open.empty()) break;
        EXPECT(cursor.Accept(open[random() % open.size()]));
      }
    } catch (const Error& error) {
      EXPECT(std::string(error.code) == "GRAMMAR_INVALID");
    }
  }
  EXPECT(masks > 800 && weighed > 800 && banned > 30);
}

void a_grammar_that_forgets_its_states_says_the_same() {
  const auto vocabulary = SomeVocabulary();
  for (uint32_t seed = 0; seed < 120; ++seed) {
    const std::string text = RandomGrammar(seed).Make();
    try {
      const auto whole = std::make_shared<Grammar>(vocabulary, text, nullptr);
      const auto small = std::make_shared<Grammar>(vocabulary, text, nullptr);
      small->SetLimits(1, 1);  // makes everything anew again and again
      Cursor a(whole), b(small), bystander(small);
      std::mt19937 random(seed);
      for (int step = 0; step < 10; ++step) {
        const auto mask = a.Next(), same = b.Next();
        EXPECT(mask->allowed == same->allowed && mask->can_end == same->can_end);
        EXPECT(mask->weighed.size() == same->weighed.size());
        if (mask->count == 0) break;
        uint32_t k = uint32_t(random() % mask->count);
        int32_t token = 0;
        while (!mask->Allows(token) || k-- > 0) ++token;
        EXPECT(a.Accept(token) && b.Accept(token));
        EXPECT(a.Potential() == b.Potential());
        if (step % 3 == 2) {
          a.Rewind(a.length() - 1);
          b.Rewind(b.length() - 1);
        }
      }
      EXPECT(bystander.Next()->allowed == Cursor(whole).Next()->allowed);
    } catch (const Error& error) {
      EXPECT(std::string(error.code) == "GRAMMAR_INVALID");
    }
  }
}

void what_several_grammars_allow_and_weigh_is_put_on_logits() {
  const auto vocabulary = SomeVocabulary();
  const auto made = [&](const char* text) {
    return std::make_shared<Grammar>(vocabulary, text, nullptr);
  };
  const std::vector<std::shared_ptr<Grammar>> grammars{
      made("root ::= (/3/ \"a\" | [b-y])+ \"z\"*"), made("%lexicon l +1 { king }\n%ban { bab }")};
  Product product(grammars);
  Cursor first(grammars[0]), second(grammars[1]);
  for (int32_t token = 0; product.length() < 6; token = (token + 31) % vocabulary->tokens()) {
    if (!product.Accept(token)) continue;
    EXPECT(first.Accept(token) && second.Accept(token));
    product.Look();
    std::vector<float> logits(size_t(vocabulary->tokens()), 0.25f);
    product.AddGains(0.5f * float(kLogWeightUnit), logits.data());
    for (size_t i = 0; i < logits.size(); ++i) {
      const bool end = vocabulary->IsEnd(int32_t(i));
      bool open = true;
      double gain = 0;
      for (const auto& mask : {first.Next(), second.Next()}) {
        bool allows = end ? mask->can_end || mask->end_banned : mask->Allows(int32_t(i));
        if (end) gain += ToNats(mask->end_gain);
        for (const auto* weighed : {&mask->weighed, &mask->banned})
          for (const auto& one : *weighed)
            if (one.token == int32_t(i)) gain += ToNats(one.gain);
        for (const auto& one : mask->banned) allows |= one.token == int32_t(i);
        open &= allows;
      }
      EXPECT((product.open()[i / 64] >> (i % 64) & 1) == uint64_t(open));
      EXPECT(std::abs(logits[i] - 0.25 - 0.5 * gain) < 1e-5);
    }
  }
}

void nothing_is_allocated_for_a_token_that_was_met_before() {
  const auto vocabulary = SomeVocabulary();
  const auto made = [&](const char* text) {
    return std::make_shared<Grammar>(vocabulary, text, nullptr);
  };
  Product product(
      {made("root ::= line{1,4} ~ 2\nline[temp=0.5] ::= (/3/ [a-m' ] | [n-z ])+ \"\\n\"\n"
            "%ban { \"the a\" }"),
       made("%lexicon l +1.2 { king thee the }\n%class /[a-c]+/ -0.5")});
  std::vector<float> row(size_t(vocabulary->tokens()));
  std::mt19937 random(5);
  std::vector<int32_t> said;
  for (int pass = 0; pass < 3; ++pass) {
    const int before = allocations;
    for (size_t step = 0; step < 40; ++step) {
      product.Look();
      product.AddGains(0.01f, row.data());
      while (pass == 0 && said.size() == step) {
        const int32_t token = int32_t(random() % row.size());
        if ((product.open()[size_t(token) / 64] >> (token % 64) & 1) == 0) continue;
        if (vocabulary->IsEnd(token) || !product.Accept(token)) continue;
        said.push_back(token);
      }
      if (pass > 0) EXPECT(product.Accept(said[step]));
      product.HeldFrom();
    }
    EXPECT(pass == 0 ? allocations > before : allocations == before);
    product.Rewind(0);
  }
}

void what_is_wrong_is_shown_with_its_place() {
  const std::string message = MessageOf("root ::= verse\nverse ::= \"é\" | aisde\n");
  EXPECT(message ==
         "line 2, column 17: the rule \"aisde\" is not defined; define it or correct the name\n"
         "  verse ::= \"é\" | aisde\n"
         "                  ^");
  const std::pair<const char*, const char*> wrong[] = {
      {"", "is empty"},
      {"na_me ::= \"a\"", "expected \"::=\""},
      {"root ::= \"a\\q\"", "unknown escape \"\\q\""},
      {"root ::= [a-z", "the set is not closed"},
      {"root ::= (\"a\"", "the group is not closed"},
      {"root ::= * \"a\"", "nothing to repeat"},
      {"root ::= \"a\"{9,3}", "the most is less than the least"},
      {"root ::= \"a\"{3,} ~ 5", "a soft length needs a most"},
      {"root ::= /5 \"a\"", "the weight is not closed"},
      {"root ::= /0/ \"a\"", "weighs 0"},
      {"root[heat=1] ::= \"a\"", "unknown attribute \"heat\""},
      {"%lexicon +1.2 { a }", "expected the name of the lexicon"},
      {"%lexicon l +1.2 { \"a }", "the text is not closed"},
      {"%ban okay", "expected \"{\""},
      {"%class /[A-/ -1", "the set is not closed"},
      {"a ::= \"a\"", "there is no rule \"root\""},
      {"root ::= root \"a\" | \"b\"", "left recursion"},
      {"root ::= x \"a\"\nx ::= y? root \"b\"\ny ::= \"c\"", "left recursion"},
      {"root ::= (\"a\" | /2/ \"\")*", "take the weight off"},
      {"root ::= x\nx ::= /2/ x | \"a\"", "gains weight"},
  };
  for (const auto& [text, part] : wrong) EXPECT(Contains(MessageOf(text), part));
}

void harmless_recursion_is_read() {
  for (const char* text :
       {"root ::= \"a\" root | \"b\"", "root ::= \"(\" root* \")\"", "root ::= (\"a\"*)*",
        "root ::= (\"a\"?){2,5}", "root ::= ws x\nx ::= ws x | \"a\"\nws ::= \" \"*"})
    EXPECT(MessageOf(text) == "");
}

void monstrous_grammars_are_read_or_refused_at_once() {
  const auto start = std::chrono::steady_clock::now();
  std::string nested = "root ::= ";
  for (int i = 0; i < 100000; ++i) nested += "(";
  EXPECT(Contains(MessageOf(nested), "nested deeper"));
  EXPECT(Contains(MessageOf("root ::= \"a\"" + std::string(100000, '*')), "times over"));
  EXPECT(Contains(MessageOf("%ban { " + std::string(100000, 'a') + " }"), "shorten it"));
  EXPECT(MessageOf("root ::= \"" + std::string(size_t(1) << 20, 'a') + "\"") == "");
  std::string wide = "root ::= \"a\"";
  while (wide.size() < (size_t(1) << 20)) wide += " | \"word" + std::to_string(wide.size()) + "\"";
  EXPECT(MessageOf(wide) == "" || Contains(MessageOf(wide), "ways at once"));
  std::string chain;
  for (int i = 0; chain.size() < (size_t(1) << 20); ++i)
    chain += "r" + std::to_string(i) + " ::= r" + std::to_string(i + 1) + " r" +
             std::to_string(i + 2) + "?\n";
  MessageOf("root ::= r0\n" + chain + "r99999 ::= \"a\"");
  std::string words = "%ban {";
  for (int i = 0; i < 60000; ++i) words += " w" + std::to_string(i);
  EXPECT(MessageOf(words + " }") == "");
  EXPECT(Contains(MessageOf(std::string((size_t(4) << 20) + 1, ' ')), "larger than 4 MB"));
  // Every prefix can be read in ever more ways.
  const auto ambiguous = std::make_shared<Grammar>(
      SomeVocabulary(), "root ::= \"a\" root \"b\"? root | \"a\" root root | \"a\"", nullptr);
  Cursor cursor(ambiguous);
  bool refused = false;
  try {
    for (;;) cursor.Accept(8 + 'a' - ' ');
  } catch (const Error& error) {
    refused = Contains(error.what(), "ways at once");
  }
  try {
    Cursor fresh(ambiguous);
    while (fresh.Accept(8 + 'a' - ' ')) fresh.Next();
  } catch (const Error& error) {
    EXPECT(Contains(error.what(), "ways"));
  }
  EXPECT(refused);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT(took.count() < 60);
}

// Pieces of the language thrown together, and plain bytes: an error or a grammar, no crash.
void any_text_is_a_grammar_or_refused() {
  static const char* const kPieces[] = {"root",     " ::= ", "\"a\"",  "[a-z]", "(",
                                        ")",        "*",     "{2,3}",  "|",     "\n",
                                        "/2/",      "~ 2",   "%ban {", "}",     "%lexicon l +1 {",
                                        "%class /", "/",     "\\",     "\"",    "[",
                                        "]",        "[^",    "<[3]>",  "!<",    ">",
                                        "x",        "#",     "+1",     "é",     "\xFF",
                                        ".",        "?",     "{",      "0",     ",",
                                        "[temp=1]", " ",     "-"};
  std::mt19937 random(11);
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = i % 2 == 0 ? "root ::= " : "";
    for (uint32_t k = 0, n = random() % 24; k < n; ++k) {
      if (i % 10 == 0) {
        text += char(random() % 256);
      } else {
        text += kPieces[random() % std::size(kPieces)];
      }
    }
    try {
      const Syntax syntax = Parse(text);
      BuildProgram(syntax, nullptr);
      EXPECT(!Describe(syntax).empty());
      ++read;
    } catch (const Error& error) {
      EXPECT(Contains(error.what(), "line ") || Contains(error.what(), "weight"));
    }
  }
  EXPECT(read > 100);
}

std::shared_ptr<Model> OpenModel(const std::string& path) {
  LoadProgress progress;
  return Model::Open(path, 0, progress);
}

// With DRAMATIS_TEST_MODEL the vocabulary of a real model, with DRAMATIS_TEST_GRAMMARS llama.cpp's
// own grammars (a list of files, parted by ":"); else a tiny one and its like.
void masks_are_those_of_llama_cpp() {
  const char* path = std::getenv("DRAMATIS_TEST_MODEL");
  const test::TinyModel tiny;
  const auto model = OpenModel(path != nullptr ? path : tiny.path());
  std::vector<std::string> texts{
      "root ::= [^\\n]* \"\\n\"", "root ::= (\"t\" [0-9]{1,2} | [a-z]+){1,4}",
      "root ::= \"t\" (\"1\" root | \"2\")? [0-9]*", "root ::= .{3,7} | [^é‘]+ \".\"",
      "root ::= <[5]> (!<[9]>)* <[7]>"};
  if (const char* files = std::getenv("DRAMATIS_TEST_GRAMMARS")) {
    std::stringstream list(files);
    for (std::string file; std::getline(list, file, ':');) {
      std::stringstream text;
      text << std::ifstream(file).rdbuf();
      texts.push_back(text.str());
    }
  }
  for (const std::string& text : texts) {
    std::vector<std::vector<llama_token>> replies;
    const auto grammar = model->CompileGrammar(text);
    for (uint32_t seed = 0; seed < 3; ++seed) replies.push_back(RandomReply(grammar, seed, 12));
    const Comparison found = Compare(*model, text, replies);
    if (found.only_ours + found.only_stock > 0)
      std::fprintf(stderr, "%s\n%s\n", text.c_str(), found.first_difference.c_str());
    EXPECT(found.only_ours == 0 && found.only_stock == 0);
    EXPECT(found.states > 2);
  }
}

}  // namespace

int main() {
  Compute::Get().Load("", {});
  RUN(masks_say_of_each_token_what_saying_it_does);
  RUN(a_grammar_that_forgets_its_states_says_the_same);
  RUN(what_several_grammars_allow_and_weigh_is_put_on_logits);
  RUN(nothing_is_allocated_for_a_token_that_was_met_before);
  RUN(what_is_wrong_is_shown_with_its_place);
  RUN(harmless_recursion_is_read);
  RUN(monstrous_grammars_are_read_or_refused_at_once);
  RUN(any_text_is_a_grammar_or_refused);
  RUN(masks_are_those_of_llama_cpp);
}
