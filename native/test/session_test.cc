// Sessions on a random model, under sanitizers.
#include "core/session.h"

#include <unistd.h>

#include <cmath>

#include "core/compute.h"
#include "core/error.h"
#include "test/expect.h"
#include "test/tiny_model.h"

using namespace dramatis;

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

template <typename Call>
std::string CodeOf(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
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
  ExpectClose(whole.FeedScored(Some(8, 2)), sliced.FeedScored(Some(8, 2)));
}

void branches_score_as_the_timeline_does_and_leave_it_alone() {
  auto model = OpenTiny();
  Session session(model, 128);
  session.Feed(Some(20));
  const std::vector<std::vector<llama_token>> branches{Some(6, 3), Some(1, 4), Some(9, 5)};
  const auto together = session.Score(branches);
  EXPECT(session.length() == 20);
  for (size_t i = 0; i < branches.size(); ++i) {
    Session alone(model, 128);
    alone.Feed(Some(20));
    ExpectClose(together[i], alone.FeedScored(branches[i]));
  }
  ExpectClose(session.Score(branches)[2], together[2]);
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
    scores.push_back(session.FeedScored({5}));
    const auto more = session.FeedScored({9});
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
  ExpectClose(first.FeedScored(Some(5, 6)), second.FeedScored(Some(5, 6)));
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
  EXPECT(CodeOf([&] { session.FeedScored(Some(2)); }) == "NATIVE_FAILED");
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
  Compute::Get().SetThreads(2, /*adapt=*/true);
  RUN(a_prompt_in_slices_gives_what_it_gives_whole);
  RUN(branches_score_as_the_timeline_does_and_leave_it_alone);
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
