// WaitGroup: waits until a number of things is done.
//
// Add before what is to be waited for begins; an Add that races a Wait may not be waited for. A count below
// zero panics. A group may be used again after its waits have returned.
//
// Happens-before: each Done before the return of a Wait that it lets go on.
//
//     csan::WaitGroup group;
//     for (auto& part : parts) group.Go([&part] { Work(part); });
//     group.Wait();
#pragma once

#include <csan/go/goroutine.h>
#include <csan/go/wait_list.h>

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace csan::inline go_v1 {

class WaitGroup {
 public:
  constexpr WaitGroup() = default;
  WaitGroup(const WaitGroup&) = delete;
  WaitGroup& operator=(const WaitGroup&) = delete;
  ~WaitGroup();

  void Add(std::int64_t delta);
  void Done();
  void Wait();

  // Add(1), and Done() when the goroutine that runs f ends. The group must live as long.
  template <class F>
  [[gnu::always_inline]] inline void Go(F&& f) {
    Add(1);
    go([this, f = std::optional<std::decay_t<F>>(std::forward<F>(f))]() mutable {
      (*f)();
      f.reset();  // what it captured is gone when the group is done
      Done();
    });
  }

 private:
  void Change(std::int64_t delta, const void* caller);

  internal::SpinLock lock_;
  std::int64_t count_ = 0;
  internal::WaitQueue waiters_;
};

}  // namespace csan::inline go_v1
