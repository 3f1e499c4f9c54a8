#include "carrier.h"

#include <cxxabi.h>

#include <utility>

#include "goroutine.h"
#include "scheduler.h"

namespace csan::inline go_v1::internal {
namespace {

using boost::context::detail::fcontext_t;
using boost::context::detail::jump_fcontext;
using boost::context::detail::transfer_t;

constinit thread_local Carrier* current = nullptr;

// As the Itanium C++ ABI lays out __cxa_eh_globals.
struct Exceptions {
  void* caught;
  unsigned uncaught;
};

// The function is declared const, so the compiler would reuse what it returned on another thread.
[[gnu::noinline]] Exceptions ExchangeExceptions(Exceptions other) {
  return std::exchange(*reinterpret_cast<Exceptions*>(abi::__cxa_get_globals()), other);
}

}  // namespace

[[gnu::noinline]] Carrier* Carrier::Current() {
  // Or a caller might learn that this has no effects and call it once.
  asm volatile("");
  return current;
}

void Carrier::Attach() {
  current = this;
  actor_ = hooks::Self();
}

void Carrier::Arrived(fcontext_t home) { Current()->home_ = home; }

void Carrier::Leave(After after) {
  Carrier* const from = Current();
  from->after_ = after;
  const Exceptions own = ExchangeExceptions({});
  hooks::ActorSwitched(from->actor_);
  const transfer_t back = jump_fcontext(from->home_, nullptr);
  Arrived(back.fctx);
  ExchangeExceptions(own);
}

void Carrier::Run(Goroutine* goroutine) {
  Scheduler::StopIfExiting();
  running_ = goroutine;
  hooks::ActorSwitched(goroutine->actor_);
  const transfer_t left = jump_fcontext(goroutine->context_, goroutine);
  running_ = nullptr;
  goroutine->context_ = left.fctx;
  if (!goroutine->stack_.Intact()) [[unlikely]]
    goroutine->Die("stack overflow");
  // Nor kept, or a search for leaks would find what the goroutine waits for.
  const After after = std::exchange(after_, {});
  after.call(after.argument);
}

}  // namespace csan::inline go_v1::internal
