// The controller of threads on a simulated machine and a simulated clock.
#include "core/thread_governor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "test/expect.h"

using dramatis::ThreadGovernor;

namespace {

// A machine on which n threads take work/n seconds while each has a core of its own, and `cliff`
// times as long as one thread when they have not: the shape measured with spinning barriers.
struct Machine {
  int cores = 2;
  int busy = 0;
  double cliff = 4;
  double noise = 0;  // relative, uniform
  double now = 100;
  uint32_t random = 1;

  double Uniform() {
    random = random * 1664525u + 1013904223u;
    return double(random >> 8) / double(1u << 24);
  }
  double StepSeconds(int threads, double work) {
    const double wobble = 1 + noise * (2 * Uniform() - 1);
    if (threads <= std::max(1, cores - busy)) return work / threads * wobble;
    return work * cliff * wobble;
  }
};

struct Outcome {
  double seconds = 0;
  int at_top = 0;
  int steps = 0;
};

// As Compute::Step: a step over its limit is given up and run again, at most twice.
Outcome Generate(Machine& machine, ThreadGovernor& governor, int steps, double work = 0.02) {
  Outcome outcome;
  const double begin = machine.now;
  for (int i = 0; i < steps; ++i) {
    for (int attempt = 1; attempt <= 3; ++attempt) {
      const int threads = governor.Choose(ThreadGovernor::kToken, 1, machine.now);
      EXPECT(threads >= 1 && threads <= machine.cores);
      const double limit = attempt == 3 ? 1e9 : governor.Limit(ThreadGovernor::kToken, 1);
      const double whole = machine.StepSeconds(threads, work);
      const double took = std::min(whole, limit);
      machine.now += took;
      governor.Report(ThreadGovernor::kToken, 1, took, machine.now);
      outcome.at_top += threads == machine.cores;
      if (whole <= limit) break;
    }
    ++outcome.steps;
  }
  outcome.seconds = machine.now - begin;
  return outcome;
}

void a_quiet_machine_keeps_all_its_cores() {
  for (int cores : {1, 2, 4, 8, 16, 64}) {
    Machine machine{cores};
    machine.noise = 0.05;
    ThreadGovernor governor(cores);
    const Outcome outcome = Generate(machine, governor, 1000);
    EXPECT(governor.current() == cores);
    EXPECT(outcome.seconds < 1000 * 0.02 / cores * 1.02);
  }
}

void a_neighbour_from_the_start_costs_little_more_than_its_core() {
  Machine machine{2, 1};
  ThreadGovernor governor(2);
  const Outcome outcome = Generate(machine, governor, 150);
  EXPECT(governor.current() == 1);
  EXPECT(outcome.seconds < 150 * 0.02 / 0.85);
}

void a_neighbour_that_comes_is_given_way_within_two_steps() {
  Machine machine{2};
  ThreadGovernor governor(2);
  Generate(machine, governor, 100);
  machine.busy = 1;
  const Outcome outcome = Generate(machine, governor, 2);
  EXPECT(governor.current() == 1);
  EXPECT(outcome.seconds < 0.15);
}

void a_neighbour_that_goes_gives_the_core_back() {
  Machine machine{2, 1};
  ThreadGovernor governor(2);
  Generate(machine, governor, 200);
  EXPECT(governor.current() == 1);
  machine.busy = 0;
  Generate(machine, governor, int(ThreadGovernor::kLastBackoff / 0.02) + 10);
  EXPECT(governor.current() == 2);
}

// As a scheduler does that lets a waking thread run first: the first step on both cores is quick,
// the next is not.
void a_neighbour_that_lets_single_steps_through_is_not_fallen_for_again_and_again() {
  Machine machine{2, 1};
  ThreadGovernor governor(2);
  Generate(machine, governor, 200);
  const double begin = machine.now;
  bool was_up = false;
  for (int i = 0; i < 2000; ++i) {
    const int threads = governor.Choose(ThreadGovernor::kToken, 1, machine.now);
    const bool lucky = threads == 2 && !was_up;
    const double whole = lucky ? 0.01 : machine.StepSeconds(threads, 0.02);
    const double took = std::min(whole, governor.Limit(ThreadGovernor::kToken, 1));
    was_up = threads == 2;
    machine.now += took;
    governor.Report(ThreadGovernor::kToken, 1, took, machine.now);
    if (took < whole) --i;
  }
  EXPECT(machine.now - begin < 2000 * 0.02 / 0.95);
}

void a_neighbour_for_hours_is_looked_at_seldom() {
  Machine machine{2, 1};
  ThreadGovernor governor(2);
  Generate(machine, governor, 1000);
  const Outcome outcome = Generate(machine, governor, 10000);
  EXPECT(outcome.seconds < 10000 * 0.02 * 1.02);
}

void four_neighbours_of_sixteen_leave_twelve() {
  Machine machine{16, 4};
  machine.cliff = 2;
  ThreadGovernor governor(16);
  Generate(machine, governor, 400);
  EXPECT(governor.current() >= 9 && governor.current() <= 12);
}

void a_wobbling_machine_does_not_make_it_flap() {
  Machine machine{2};
  machine.noise = 0.3;
  ThreadGovernor governor(2);
  const Outcome outcome = Generate(machine, governor, 5000);
  EXPECT(outcome.at_top > 0.93 * 5000);
}

void one_slow_step_is_forgotten_within_ten() {
  Machine machine{2};
  ThreadGovernor governor(2);
  Generate(machine, governor, 50);
  governor.Choose(ThreadGovernor::kToken, 1, machine.now);
  machine.now += 0.035;
  governor.Report(ThreadGovernor::kToken, 1, 0.035, machine.now);
  Generate(machine, governor, 10);
  EXPECT(governor.current() == 2);
}

// As four scenes do that are played at once: prompts of any length are read, and tokens drawn by
// ever other numbers together. Reading the weights takes as long as four tokens.
void steps_of_all_sizes_are_no_stalls() {
  for (double fixed : {0.0, 4.0, 200.0}) {
    Machine machine{2};
    machine.noise = 0.05;
    ThreadGovernor governor(2);
    int at_top = 0;
    int given_up = 0;
    const int steps = 4000;
    for (int i = 0; i < steps; ++i) {
      const bool reads = machine.Uniform() < 0.3;
      const int work = 1 + int(machine.Uniform() * (reads ? 60 : 4));
      const auto kind = reads       ? ThreadGovernor::kPrompt
                        : work == 1 ? ThreadGovernor::kToken
                                    : ThreadGovernor::kTogether;
      const int threads = governor.Choose(kind, work, machine.now);
      const double took = machine.StepSeconds(threads, 0.004 * (fixed + work));
      given_up += took > governor.Limit(kind, work);
      machine.now += took;
      governor.Report(kind, work, took, machine.now);
      at_top += threads == 2;
    }
    EXPECT(at_top > 0.98 * steps);
    EXPECT(given_up == 0);
  }
}

void a_fixed_count_is_kept_whatever_happens() {
  Machine machine{2, 2};
  ThreadGovernor governor(2, /*adapt=*/false);
  const Outcome outcome = Generate(machine, governor, 50);
  EXPECT(outcome.at_top == 50);
  EXPECT(std::isinf(governor.Limit(ThreadGovernor::kToken, 1)));
}

}  // namespace

int main() {
  RUN(a_quiet_machine_keeps_all_its_cores);
  RUN(a_neighbour_from_the_start_costs_little_more_than_its_core);
  RUN(a_neighbour_that_comes_is_given_way_within_two_steps);
  RUN(a_neighbour_that_goes_gives_the_core_back);
  RUN(a_neighbour_that_lets_single_steps_through_is_not_fallen_for_again_and_again);
  RUN(a_neighbour_for_hours_is_looked_at_seldom);
  RUN(four_neighbours_of_sixteen_leave_twelve);
  RUN(a_wobbling_machine_does_not_make_it_flap);
  RUN(one_slow_step_is_forgotten_within_ten);
  RUN(steps_of_all_sizes_are_no_stalls);
  RUN(a_fixed_count_is_kept_whatever_happens);
}
