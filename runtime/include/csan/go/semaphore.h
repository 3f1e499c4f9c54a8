// Semaphore: a number of units, of which each takes as many as it needs and brings them back. First come,
// first served: who needs many is not overtaken for ever by those who need few. Bringing back more than was
// taken panics, and so does waiting for more than there are.
//
// Happens-before: a Release before the return of an Acquire that needed its units.
//
//     csan::Semaphore connections(10);
//     connections.Acquire();
//     Query();
//     connections.Release();
//
// With a context it waits no longer than until that is done:
//
//     csan::Semaphore files(10);
//     if (files.Acquire(context) == csan::ContextError::kNone) files.Release();
#pragma once

#include <csan/go/context.h>
#include <csan/go/wait_list.h>

#include <cstdint>

namespace csan::inline go_v1 {

namespace internal {
class Core;
}

class Semaphore {
 public:
  explicit constexpr Semaphore(std::int64_t units) : units_(units) {}
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;
  ~Semaphore();

  void Acquire(std::int64_t units = 1);
  // Why it has taken nothing; kNone if it has.
  [[nodiscard]] ContextError Acquire(const Context& context, std::int64_t units = 1);
  bool TryAcquire(std::int64_t units = 1);
  void Release(std::int64_t units = 1);

 private:
  bool Take(std::int64_t units);
  internal::Waiter* Serve();
  bool WaitFor(internal::Core& done, std::int64_t units);

  internal::SpinLock lock_;
  const std::int64_t units_;
  std::int64_t taken_ = 0;
  internal::WaitQueue waiters_;
};

}  // namespace csan::inline go_v1
