// Once: runs a function the first time. Others that come meanwhile wait for its end. A function that ends by
// an exception has been run, as in Go. One that calls Do of its own Once panics: it would wait for itself.
//
// Happens-before: the end of the function before the return of every Do.
//
//     csan::Once once;
//     once.Do([] { config = ReadConfig(); });
#pragma once

#include <csan/go/wait_list.h>

#include <atomic>
#include <utility>

namespace csan::inline go_v1 {

class Once {
 public:
  constexpr Once() = default;
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;
  ~Once();

  template <class F>
  void Do(F&& f) {
    if (!Begin()) return;
    struct End {
      Once* once;
      ~End() { once->Finish(); }
    };
    const End end{this};
    std::forward<F>(f)();
  }

 private:
  // Whether it is for the caller to do. Else it has been done.
  bool Begin();
  void Finish();

  internal::SpinLock lock_;
  std::atomic<bool> done_{false};
  const void* runner_ = nullptr;
  internal::WaitQueue waiters_;
};

}  // namespace csan::inline go_v1
