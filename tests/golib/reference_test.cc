// Random programs against the reference. One worker runs all goroutines, so that after a few turns of Yield
// each has come as far as it can, and who waits and who goes on is known.
#include "reference.h"

#include <csan/go.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <sstream>
#include <vector>

namespace {

using reference::Case;
using reference::Outcome;

const bool one_worker = setenv("CSAN_GO_WORKERS", "1", 1) == 0;

constexpr int kParties = 6;
constexpr int kTurns = 4;

// All that the goroutines of a program share. Each waits for what to do, does it, and says what became of it.
struct Program {
  struct Party {
    std::optional<std::vector<Case>> cases;  // to select from
    bool otherwise = false;                  // with a default
    bool busy = false;
    std::optional<Outcome> outcome;
  };
  std::vector<csan::Chan<int>> chans;
  Party parties[kParties];
  bool stop = false;

  const csan::Chan<int> Chan(int which) const {
    return which < 0 ? csan::Chan<int>() : chans[static_cast<std::size_t>(which)];
  }

  Outcome Alone(const Case& one, bool otherwise) {
    const csan::Chan<int> chan = Chan(one.chan);
    if (one.send) {
      if (!otherwise) return chan.Send(one.value), Outcome{0};
      return Outcome{chan.TrySend(one.value) ? 0 : -1};
    }
    if (!otherwise) {
      const auto [value, ok] = chan.ReceiveOk();
      return {0, value, ok};
    }
    const auto received = chan.TryReceive();
    return received ? Outcome{0, received->value, received->ok} : Outcome{-1};
  }

  Outcome Together(const std::vector<Case>& cases, bool otherwise) {
    csan::Cases select;
    Outcome outcome{-1};
    for (const Case& one : cases) {
      if (one.send) {
        select.Add(csan::OnSend(Chan(one.chan), one.value));
      } else {
        select.Add(
            csan::OnReceive(Chan(one.chan), [&](int value, bool ok) { outcome = {0, value, ok}; }));
      }
    }
    if (otherwise) select.Add(csan::Default());
    const std::size_t chosen = select.Select();
    outcome.chosen = chosen == cases.size() ? -1 : static_cast<int>(chosen);
    return outcome;
  }

  void Run(Party& party) {
    while (!stop) {
      if (!party.cases) {
        csan::Yield();
        continue;
      }
      const auto cases = *std::exchange(party.cases, {});
      try {
        party.outcome =
            cases.size() == 1 ? Alone(cases[0], party.otherwise) : Together(cases, party.otherwise);
      } catch (const csan::Panic&) {
        party.outcome = Outcome{-2, 0, false, true};  // which case it was is not told
      }
      party.busy = false;
    }
  }
};

std::string ToString(const Outcome& o) {
  std::ostringstream text;
  text << "case " << o.chosen << " value " << o.value << " ok " << o.ok << " panic " << o.panic;
  return text.str();
}

void Settle() {
  for (int i = 0; i < kTurns; i++) csan::Yield();
}

class Comparison {
 public:
  explicit Comparison(unsigned seed) : random_(seed), reference_(Capacities()) {
    for (const std::size_t capacity : capacities_) {
      program_.chans.push_back(csan::MakeChan<int>(capacity));
    }
  }

  void Run(int steps) {
    for (auto& party : program_.parties) csan::go([this, &party] { program_.Run(party); });
    Settle();
    for (int i = 0; i < steps && !testing::Test::HasFailure(); i++) {
      Pick(12) == 0 ? Close() : Operate();
      if (Pick(150) == 0) break;
    }
    program_.stop = true;
    std::map<int, Outcome> others;
    for (std::size_t c = 0; c < program_.chans.size(); c++) {
      if (reference_.Close(static_cast<int>(c), others)) program_.chans[c].Close();
    }
    Settle();
    Expect(others);
  }

 private:
  int Pick(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  std::vector<std::size_t> Capacities() {
    for (int i = Pick(3); i >= 0; i--) capacities_.push_back(static_cast<std::size_t>(Pick(3)));
    return capacities_;
  }
  int AnyChan() { return Pick(20) == 0 ? -1 : Pick(static_cast<int>(capacities_.size())); }

  void Expect(const std::map<int, Outcome>& expected) {
    for (int p = 0; p < kParties; p++) {
      auto& real = program_.parties[p].outcome;
      const auto one = expected.find(p);
      ASSERT_EQ(real.has_value(), one != expected.end()) << "party " << p;
      if (!real) continue;
      Outcome wanted = one->second;
      if (wanted.panic) wanted.chosen = -2;
      ASSERT_EQ(*real, wanted) << p << ": " << ToString(*real) << ", not " << ToString(wanted);
      real.reset();
    }
  }

  void Close() {
    const int which = AnyChan();
    std::map<int, Outcome> others;
    const bool allowed = reference_.Close(which, others);
    bool panicked = false;
    try {
      program_.Chan(which).Close();
    } catch (const csan::Panic&) {
      panicked = true;
    }
    ASSERT_EQ(panicked, !allowed);
    Settle();
    Expect(others);
  }

  void Operate() {
    const int who = Pick(kParties);
    auto& party = program_.parties[who];
    if (party.busy) return;
    std::vector<Case> cases;
    for (int i = Pick(3) == 0 ? Pick(4) + 1 : 1; i > 0; i--) {
      const Case one{Pick(2) == 0, AnyChan(), next_value_++};
      // Which of two equal ones is done is not said.
      if (std::none_of(cases.begin(), cases.end(), [&](auto& other) {
            return other.send == one.send && other.chan == one.chan;
          })) {
        cases.push_back(one);
      }
    }
    const bool nil = std::all_of(cases.begin(), cases.end(), [](auto& c) { return c.chan < 0; });
    // For ever would be for the test as well.
    const bool otherwise = nil || Pick(4) == 0;
    party.otherwise = otherwise;
    party.busy = true;
    party.cases = cases;
    Settle();
    std::map<int, Outcome> expected;
    const std::vector<int> ready = reference_.Ready(who, cases);
    if (!ready.empty()) {
      // Which one is by chance.
      ASSERT_TRUE(party.outcome.has_value());
      int chosen = party.outcome->chosen;
      if (chosen == -2) chosen = Closed(cases, ready);
      ASSERT_TRUE(std::count(ready.begin(), ready.end(), chosen)) << chosen;
      expected[who] = reference_.Do(cases, chosen, expected);
    } else if (otherwise) {
      expected[who] = {-1};
    } else {
      reference_.Wait(who, cases);
    }
    Expect(expected);
  }

  // The send that must have panicked.
  int Closed(const std::vector<Case>& cases, const std::vector<int>& ready) {
    for (const int i : ready) {
      auto copy = reference_;
      std::map<int, Outcome> others;
      if (cases[i].send && copy.Do(cases, i, others).panic) return i;
    }
    return -1;
  }

  std::minstd_rand random_;
  std::vector<std::size_t> capacities_;
  reference::Channels reference_;
  Program program_;
  int next_value_ = 1;
};

TEST(Reference, RandomProgramsDoTheSame) {
  const auto failed = csan::MakeChan<bool>();
  csan::go([failed] {
    for (unsigned seed = 1; seed <= 2000 && !testing::Test::HasFailure(); seed++) {
      SCOPED_TRACE(seed);
      Comparison(seed).Run(200);
    }
    failed.Send(testing::Test::HasFailure());
  });
  EXPECT_FALSE(failed.Receive());
}

}  // namespace
