// Sessions on a random model, under sanitizers.
#include "core/session.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "core/compute.h"
#include "core/log_sum_exp.h"
#include "test/code_of.h"
#include "test/expect.h"
#include "test/tiny_model.h"

using namespace dramatis;
using test::CodeOf;

namespace {

std::shared_ptr<Model> OpenTiny() {
  static const test::TinyModel file;
  LoadProgress progress;
  return Model::Open(file.path(), 0, progress);
}

std::vector<llama_token> Some(int n, int seed = 1) {
  std::vector<llama_token> tokens;
  for (int i = 0; i < n; ++i) tokens.push_back((i * 31 + seed * 17) % test::TinyModel::kVocabulary);
  return tokens;
}

void ExpectClose(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT(std::fabs(a[i] - b[i]) < 2e-2f);
}

// Feeds tokens and returns each one's log-probability.
std::vector<float> FeedScored(Session& session, const std::vector<llama_token>& tokens) {
  TokenTree chain;
  for (size_t i = 0; i < tokens.size(); ++i) {
    chain.tokens.push_back(tokens[i]);
    chain.parents.push_back(int(i) - 1);
    chain.scored.push_back(1);
  }
  chain.keep = int(tokens.size()) - 1;
  return session.ScoreTree(chain);
}

std::unique_ptr<Sampler> Greedy(const std::shared_ptr<Model>& model) {
  auto sampler = std::make_unique<Sampler>(model, Sampling{});
  sampler->SetBias({{2, -INFINITY}});  // never ends of itself
  return sampler;
}

void a_prompt_in_slices_gives_what_it_gives_whole() {
  auto model = OpenTiny();
  Session whole(model, 128), sliced(model, 128);
  const auto tokens = Some(40);
  whole.Feed(tokens);
  for (int at = 0; at < 40; at += 7) {
    sliced.Feed({tokens.begin() + at, tokens.begin() + std::min(40, at + 7)});
  }
  ExpectClose(FeedScored(whole, Some(8, 2)), FeedScored(sliced, Some(8, 2)));
}

void slices_of_one_size_share_a_graph_whether_or_not_something_follows() {
  // A step that a neighbour stalls would be run again, and be counted again.
  Compute::Get().SetThreads(1, /*adapt=*/false);
  auto model = OpenTiny();
  Session session(model, 256);
  session.Feed(Some(30), false);
  const int before = session.context()->reused();
  for (int i = 0; i < 4; ++i) session.Feed(Some(30), i % 2 == 0);
  EXPECT(session.context()->reused() - before == 4);
  session.Feed(Some(30), false);
  EXPECT(CodeOf([&] { session.Next(); }) == "NATIVE_FAILED");  // what nobody wanted is not there
  Compute::Get().SetThreads(2, /*adapt=*/true);
}

// A random tree: each token under one of the five before it, or at the root; every other one
// scored.
TokenTree RandomTree(int n, int seed) {
  TokenTree tree;
  tree.tokens = Some(n, seed);
  for (int i = 0; i < n; ++i) {
    const int back = (i * 7 + seed * 3) % 5;
    tree.parents.push_back(i - 1 - back < 0 ? -1 : i - 1 - back);
    tree.scored.push_back((i + seed) % 2);
  }
  return tree;
}

std::vector<llama_token> PathTo(const TokenTree& tree, int i) {
  std::vector<llama_token> path;
  for (; i >= 0; i = tree.parents[i]) path.insert(path.begin(), tree.tokens[i]);
  return path;
}

void a_tree_scores_each_token_as_its_path_alone_does() {
  auto model = OpenTiny();
  Session session(model, 256);
  for (int seed = 1; seed <= 6; ++seed) {
    session.Rewind(0);
    session.Feed(Some(20, seed));
    const TokenTree tree = RandomTree(40, seed);
    const auto scores = session.ScoreTree(tree);
    EXPECT(session.length() == 20);
    for (int i = 0; i < 40; ++i) {
      if (!tree.scored[i]) {
        EXPECT(scores[i] == 0);
        continue;
      }
      Session alone(model, 256);
      alone.Feed(Some(20, seed));
      EXPECT(std::fabs(scores[i] - FeedScored(alone, PathTo(tree, i)).back()) < 2e-2f);
    }
    EXPECT(session.ScoreTree(tree) == scores);
  }
}

void what_is_kept_of_a_tree_is_what_was_fed() {
  auto model = OpenTiny();
  Session session(model, 256), fed(model, 256);
  session.Feed(Some(20));
  fed.Feed(Some(20));
  TokenTree tree = RandomTree(40, 3);
  tree.keep = 31;
  session.ScoreTree(tree);
  const auto path = PathTo(tree, 31);
  EXPECT(session.length() == 20 + int(path.size()));
  fed.Feed(path);
  ExpectClose(FeedScored(session, Some(12, 5)), FeedScored(fed, Some(12, 5)));
  session.Rewind(20);
  fed.Rewind(20);
  session.Feed(Some(4, 6));
  fed.Feed(Some(4, 6));
  ExpectClose(FeedScored(session, Some(12, 7)), FeedScored(fed, Some(12, 7)));
}

void a_tree_too_large_for_a_step_is_refused_and_changes_nothing() {
  auto model = OpenTiny();
  Session session(model, 512, /*step_tokens=*/256, /*score_rows=*/8);
  session.Feed(Some(5));
  EXPECT(CodeOf([&] { FeedScored(session, Some(session.step_tokens() + 1)); }) == "NATIVE_FAILED");
  EXPECT(CodeOf([&] { FeedScored(session, Some(20)); }) == "NATIVE_FAILED");
  EXPECT(session.length() == 5);
  EXPECT(FeedScored(session, Some(8, 2)).size() == 8);
}

void a_sum_of_exponentials_is_the_one_in_double() {
  for (int n : {1, 2, 15, 16, 17, 1000, 5003}) {
    std::vector<float> values;
    double most = -INFINITY, sum = 0;
    for (int i = 0; i < n; ++i) values.push_back(float(std::sin(i * 1.7) * (i % 90)));
    for (float value : values) most = std::max(most, double(value));
    for (float value : values) sum += std::exp(double(value) - most);
    EXPECT(std::fabs(LogSumExp(values.data(), n) - (most + std::log(sum))) < 1e-6);
  }
}

// Of the window's 1,024 tokens more than 512 are in use: from there ggml's own kernel divides the
// work by threads.
void the_number_of_threads_changes_no_bit() {
  auto model = OpenTiny();
  std::vector<std::vector<float>> scores;
  for (int threads : {1, 2, 3}) {
    Compute::Get().SetThreads(threads, /*adapt=*/false);
    Session session(model, 1024);
    for (int at = 0; at < 640; at += 128) session.Feed(Some(128, at));
    session.SetSampler(Greedy(model));
    for (int i = 0; i < 8; ++i) session.Next();
    scores.push_back(FeedScored(session, {5}));
    const auto more = FeedScored(session, {9});
    scores.back().insert(scores.back().end(), more.begin(), more.end());
  }
  Compute::Get().SetThreads(2, /*adapt=*/true);
  EXPECT(scores[0] == scores[1]);
  EXPECT(scores[0] == scores[2]);
}

void a_rewound_timeline_says_what_a_fresh_one_says() {
  auto model = OpenTiny();
  Session used(model, 128), fresh(model, 128);
  used.SetSampler(Greedy(model));
  fresh.SetSampler(Greedy(model));
  used.Feed(Some(30));
  for (int i = 0; i < 10; ++i) used.Next();
  EXPECT(used.Rewind(10) == 10);
  const auto tail = Some(12, 9);
  const auto head = Some(30);
  used.Feed(tail);
  fresh.Feed({head.begin(), head.begin() + 10});
  fresh.Feed(tail);
  for (int i = 0; i < 10; ++i) EXPECT(used.Next() == fresh.Next());
}

void a_full_window_is_said_and_an_overfull_one_refused() {
  auto model = OpenTiny();
  Session session(model, 32);
  session.SetSampler(Greedy(model));
  session.Feed(Some(session.window() - 2));
  int said = 0;
  while (session.Next() != Session::kWindowFull) EXPECT(++said < 10);
  EXPECT(CodeOf([&] { session.Feed(Some(3)); }) == "WINDOW_EXCEEDED");
  EXPECT(session.length() == session.window());
}

void a_saved_state_goes_on_in_another_session() {
  auto model = OpenTiny();
  Session first(model, 128), second(model, 128);
  first.Feed(Some(25));
  second.Restore(first.Save(), first.length());
  EXPECT(second.length() == 25);
  first.Feed(Some(3, 8));
  second.Feed(Some(3, 8));
  ExpectClose(FeedScored(first, Some(5, 6)), FeedScored(second, Some(5, 6)));
}

void sessions_keep_the_model_alive_after_the_last_handle_is_dropped() {
  auto model = OpenTiny();
  Session session(model, 64);
  model.reset();
  session.Feed(Some(5));
  EXPECT(session.length() == 5);
}

void scoring_before_anything_was_fed_is_refused() {
  Session session(OpenTiny(), 64);
  EXPECT(CodeOf([&] { FeedScored(session, Some(2)); }) == "NATIVE_FAILED");
  EXPECT(CodeOf([&] { session.Next(); }) == "NATIVE_FAILED");
}

void a_file_that_is_no_model_is_refused() {
  LoadProgress progress;
  EXPECT(CodeOf([&] { Model::Open("/nonexistent.gguf", 0, progress); }) == "MODEL_UNREADABLE");
}

void a_cancelled_load_ends() {
  static const test::TinyModel file;
  LoadProgress progress;
  progress.cancelled = true;
  EXPECT(CodeOf([&] { Model::Open(file.path(), 0, progress); }) == "MODEL_UNREADABLE");
}

void a_session_goes_on_when_the_threads_become_more() {
  // First of all tests: a pool must be outgrown by one that a session has used.
  Compute::Get().SetThreads(1, /*adapt=*/false);
  auto model = OpenTiny();
  Session session(model, 128);
  session.Feed(Some(8));
  for (int threads = 2; threads <= 4; ++threads) {
    Compute::Get().SetThreads(threads, /*adapt=*/false);
    session.Feed(Some(8, threads));
  }
  Compute::Get().SetThreads(2, /*adapt=*/true);
}

void a_hundred_sessions_come_and_go() {
  auto model = OpenTiny();
  for (int i = 0; i < 100; ++i) {
    Session session(model, 64);
    session.Feed(Some(3));
  }
}

}  // namespace

int main() {
  Compute::Get().Load("", {});
  RUN(a_session_goes_on_when_the_threads_become_more);
  RUN(a_prompt_in_slices_gives_what_it_gives_whole);
  RUN(a_sum_of_exponentials_is_the_one_in_double);
  RUN(slices_of_one_size_share_a_graph_whether_or_not_something_follows);
  RUN(a_tree_scores_each_token_as_its_path_alone_does);
  RUN(what_is_kept_of_a_tree_is_what_was_fed);
  RUN(a_tree_too_large_for_a_step_is_refused_and_changes_nothing);
  RUN(the_number_of_threads_changes_no_bit);
  RUN(a_rewound_timeline_says_what_a_fresh_one_says);
  RUN(a_full_window_is_said_and_an_overfull_one_refused);
  RUN(a_saved_state_goes_on_in_another_session);
  RUN(sessions_keep_the_model_alive_after_the_last_handle_is_dropped);
  RUN(scoring_before_anything_was_fed_is_refused);
  RUN(a_file_that_is_no_model_is_refused);
  RUN(a_cancelled_load_ends);
  RUN(a_hundred_sessions_come_and_go);
}
