// Goroutines: functions that run concurrently on a few OS threads (one for each CPU, or as many as the
// environment's CSAN_GO_WORKERS says). Waiting in any operation of this library lets others run.
//
// Happens-before: `go` before the first step of the goroutine; so do writes made before `go` to what is
// captured. The end of a goroutine orders nothing: use a channel, a WaitGroup or a Mutex.
//
// Nothing takes a running goroutine's thread away: a long computation should Yield() now and then, and
// calls that wait outside of this library belong into Blocking(). A goroutine may go on on another
// thread after anything that can wait: do not hold on to the address of a thread_local across it (nor
// look at errno after it), nor to a lock of the thread (std::mutex). When main returns the program ends;
// goroutines are not waited for. After fork() only exec may follow.
//
// A stack has 256 KB of addresses (CSAN_GO_STACK_KB in the environment says otherwise), of which memory
// is used for what was touched.
//
//     csan::go([] { std::puts("concurrently"); });
//     csan::go(csan::Named("adder"), [](int a, int b) { Add(a, b); }, 1, 2);
//     csan::Sleep(std::chrono::milliseconds(10));
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace csan::inline go_v1 {

// The name of a goroutine in messages, of which 31 characters are kept.
struct Named {
  explicit Named(std::string_view the_name) : name(the_name) {}
  std::string_view name;
};

namespace internal {

class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  virtual ~Task() = default;
  virtual void Run() = 0;
};

template <class F, class... A>
class Call final : public Task {
 public:
  template <class G, class... B>
  explicit Call(G&& f, B&&... arguments)
      : f_(std::forward<G>(f)), arguments_(std::forward<B>(arguments)...) {}
  void Run() override { std::apply(std::move(f_), std::move(arguments_)); }

 private:
  F f_;
  std::tuple<A...> arguments_;
};

// Notes its caller as where the goroutine was created.
void Start(std::unique_ptr<Task> task, std::string_view name);

template <class F, class... A>
std::unique_ptr<Task> MakeTask(F&& f, A&&... arguments) {
  return std::make_unique<Call<std::decay_t<F>, std::decay_t<A>...>>(std::forward<F>(f),
                                                                     std::forward<A>(arguments)...);
}

}  // namespace internal

// Runs f(arguments...) concurrently; both are moved or copied, as by std::thread. Throws std::bad_alloc
// if there is no memory for a stack.
template <class F, class... A>
  requires std::is_invocable_v<std::decay_t<F>, std::decay_t<A>...>
[[gnu::always_inline]] inline void go(F&& f, A&&... arguments) {
  internal::Start(internal::MakeTask(std::forward<F>(f), std::forward<A>(arguments)...), {});
}
template <class F, class... A>
  requires std::is_invocable_v<std::decay_t<F>, std::decay_t<A>...>
[[gnu::always_inline]] inline void go(Named name, F&& f, A&&... arguments) {
  internal::Start(internal::MakeTask(std::forward<F>(f), std::forward<A>(arguments)...), name.name);
}

// Lets others run. Orders nothing.
void Yield();

// Waits at least so long; not at all if the duration is not positive. Orders nothing.
void Sleep(std::chrono::nanoseconds duration);

// 1, 2, … for goroutines; 0 for a thread.
std::uint64_t GoroutineId();

// By a goroutine that is meant to be there when the program, or a test, ends: it is not told of as a leak.
void Daemon();

// How many goroutines have begun or are about to, and have not ended.
std::uint64_t GoroutineCount();

}  // namespace csan::inline go_v1
