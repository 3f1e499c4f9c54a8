// An OS thread that goroutines take turns on: they leave for its own stack, which picks the next.
//
// What the C++ runtime keeps for a thread of exceptions in flight goes along with the goroutine, so that
// a catch block may wait.
#pragma once

#include <boost/context/detail/fcontext.hpp>

#include "hooks.h"
#include "party.h"

namespace csan::inline go_v1::internal {

class Goroutine;

class Carrier {
 public:
  // Of this thread; null if it is none. Never inlined: the thread may be another after any switch.
  static Carrier* Current();

  // On a goroutine's stack: leaves it, then does `after` on the carrier's.
  static void Leave(After after);

  Goroutine* running() const { return running_; }

 protected:
  Carrier() = default;
  ~Carrier() = default;
  // Once, on the thread itself.
  void Attach();
  // Until the goroutine leaves.
  void Run(Goroutine* goroutine);

 private:
  friend class Goroutine;
  static void Arrived(boost::context::detail::fcontext_t home);

  boost::context::detail::fcontext_t home_ = nullptr;  // while a goroutine runs
  hooks::Actor actor_ = nullptr;
  Goroutine* running_ = nullptr;
  After after_{};
};

}  // namespace csan::inline go_v1::internal
