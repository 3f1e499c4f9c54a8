// ErrGroup: goroutines that work at one thing. An error is an exception: the first one is thrown again by
// Wait, and ends the group's context, so that the others know that they need not go on.
//
// Happens-before: the end of each function before the return of Wait.
//
//     csan::ErrGroup group(context);
//     group.SetLimit(4);
//     for (const auto& url : urls) group.Go([&, inner = group.context()] { Fetch(inner, url); });
//     group.Wait();
#pragma once

#include <csan/go/context.h>
#include <csan/go/once.h>
#include <csan/go/panic.h>
#include <csan/go/semaphore.h>
#include <csan/go/wait_group.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <utility>

namespace csan::inline go_v1 {

class ErrGroup {
 public:
  explicit ErrGroup(const Context& parent = {}) : cancellable_(WithCancel(parent)) {}
  ErrGroup(const ErrGroup&) = delete;
  ErrGroup& operator=(const ErrGroup&) = delete;
  // Waits.
  ~ErrGroup() {
    group_.Wait();
    cancellable_.cancel();
  }

  // Done after the first error, and when Wait returns.
  const Context& context() const { return cancellable_.context; }

  // How many run at once; Go waits if there are so many. Only while none runs.
  void SetLimit(std::int64_t limit) { limit_ = std::make_unique<Semaphore>(limit); }

  template <class F>
  void Go(F&& f) {
    if (limit_ != nullptr) limit_->Acquire();
    Begin(std::forward<F>(f));
  }
  // Whether the limit allowed it.
  template <class F>
  bool TryGo(F&& f) {
    if (limit_ != nullptr && !limit_->TryAcquire()) return false;
    Begin(std::forward<F>(f));
    return true;
  }

  // Until all have ended; throws what was thrown first.
  void Wait() {
    group_.Wait();
    cancellable_.cancel();
    if (error_ != nullptr) std::rethrow_exception(error_);
  }

 private:
  template <class F>
  void Begin(F&& f) {
    group_.Go([this, f = std::decay_t<F>(std::forward<F>(f))]() mutable {
      try {
        f();
      } catch (...) {
        first_error_.Do([&] {
          error_ = std::current_exception();
          cancellable_.cancel();
        });
      }
      if (limit_ != nullptr) limit_->Release();
    });
  }

  CancellableContext cancellable_;
  WaitGroup group_;
  std::unique_ptr<Semaphore> limit_;
  Once first_error_;
  std::exception_ptr error_;
};

}  // namespace csan::inline go_v1
