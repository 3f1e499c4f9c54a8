// Channels as simple as can be, for comparing: one thread says which party does what, and is told who goes
// on. Written from Go's specification alone: queues of parties that wait, first come, first served.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reference {

struct Case {
  bool send;
  int chan;  // less than 0: nil
  int value;
};

// What became of an operation: of its cases, the one that was done, and how.
struct Outcome {
  int chosen;  // -1: the default
  int value = 0;
  bool ok = false;
  bool panic = false;
  bool operator==(const Outcome&) const = default;
};

class Channels {
 public:
  explicit Channels(std::vector<std::size_t> capacities) : chans_(capacities.size()) {
    for (std::size_t i = 0; i < chans_.size(); i++) chans_[i].capacity = capacities[i];
  }

  // Which cases could be done at once.
  std::vector<int> Ready(int party, const std::vector<Case>& cases) const {
    std::vector<int> ready;
    for (std::size_t i = 0; i < cases.size(); i++) {
      if (cases[i].chan < 0) continue;
      const Chan& chan = chans_[cases[i].chan];
      const bool others = HasOther(cases[i].send ? chan.receivers : chan.senders, party);
      const bool room = cases[i].send ? chan.buffer.size() < chan.capacity : !chan.buffer.empty();
      if (chan.closed || others || room) ready.push_back(static_cast<int>(i));
    }
    return ready;
  }

  // Does the case; others that this lets go on are in `others`.
  Outcome Do(const std::vector<Case>& cases, int chosen, std::map<int, Outcome>& others) {
    const Case& one = cases[chosen];
    Chan& chan = chans_[one.chan];
    if (one.send) {
      if (chan.closed) return {chosen, 0, false, true};
      if (!chan.receivers.empty()) {
        const Waiting receiver = Leave(chan.receivers.front());
        others[receiver.party] = {receiver.which, one.value, true};
      } else {
        chan.buffer.push_back(one.value);
      }
      return {chosen};
    }
    Outcome outcome{chosen};
    if (!chan.buffer.empty()) {
      outcome = {chosen, chan.buffer.front(), true};
      chan.buffer.pop_front();
    }
    if (!chan.senders.empty()) {
      const Waiting sender = Leave(chan.senders.front());
      others[sender.party] = {sender.which};
      if (outcome.ok) {
        chan.buffer.push_back(sender.value);
      } else {
        outcome = {chosen, sender.value, true};
      }
    }
    return outcome;
  }

  void Wait(int party, const std::vector<Case>& cases) {
    for (std::size_t i = 0; i < cases.size(); i++) {
      if (cases[i].chan < 0) continue;
      Chan& chan = chans_[cases[i].chan];
      (cases[i].send ? chan.senders : chan.receivers)
          .push_back({party, static_cast<int>(i), cases[i].value});
    }
  }

  // Whether that was allowed.
  bool Close(int which, std::map<int, Outcome>& others) {
    if (which < 0 || chans_[which].closed) return false;
    Chan& chan = chans_[which];
    chan.closed = true;
    while (!chan.receivers.empty()) {
      const Waiting receiver = Leave(chan.receivers.front());
      others[receiver.party] = {receiver.which};
    }
    while (!chan.senders.empty()) {
      const Waiting sender = Leave(chan.senders.front());
      others[sender.party] = {sender.which, 0, false, true};
    }
    return true;
  }

 private:
  struct Waiting {
    int party;
    int which;
    int value;
  };
  struct Chan {
    std::size_t capacity = 0;
    bool closed = false;
    std::deque<int> buffer;
    std::deque<Waiting> senders, receivers;
  };

  static bool HasOther(const std::deque<Waiting>& queue, int party) {
    return std::any_of(queue.begin(), queue.end(), [&](auto& w) { return w.party != party; });
  }

  // From all queues.
  Waiting Leave(Waiting waiting) {
    for (Chan& chan : chans_) {
      for (auto* queue : {&chan.senders, &chan.receivers}) {
        std::erase_if(*queue, [&](auto& w) { return w.party == waiting.party; });
      }
    }
    return waiting;
  }

  std::vector<Chan> chans_;
};

}  // namespace reference
