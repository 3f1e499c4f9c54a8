// Singleflight: of equal calls at the same time one is made, and all get its result, or its exception.
//
// Happens-before: the end of the function before the return of every Do that gets its result.
//
//     csan::Singleflight<std::string, Page> pages;
//     auto [page, shared] = pages.Do(url, [&] { return Fetch(url); });
#pragma once

#include <csan/go/mutex.h>
#include <csan/go/wait_group.h>

#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace csan::inline go_v1 {

// Key is ordered by <; Value can be copied.
template <class Key, class Value>
class Singleflight {
 public:
  struct Result {
    Value value;
    bool shared;  // with another call
  };

  template <class F>
  Result Do(const Key& key, F&& f) {
    std::unique_lock lock(mutex_);
    if (const auto found = calls_.find(key); found != calls_.end()) {
      const std::shared_ptr<Call> call = found->second;
      call->shared = true;
      lock.unlock();
      call->end.Wait();
      return call->Get();
    }
    const auto call = std::make_shared<Call>();
    call->end.Add(1);
    calls_.emplace(key, call);
    lock.unlock();
    Make(*call, std::forward<F>(f));
    lock.lock();
    // Unless it was forgotten, and another begun.
    if (const auto mine = calls_.find(key); mine != calls_.end() && mine->second == call) {
      calls_.erase(mine);
    }
    const bool shared = call->shared;
    lock.unlock();
    call->end.Done();
    Result result = call->Get();
    result.shared = shared;
    return result;
  }

  // The next Do makes a call of its own, even if one is being made.
  void Forget(const Key& key) {
    const std::lock_guard guard(mutex_);
    calls_.erase(key);
  }

 private:
  struct Call {
    WaitGroup end;
    std::optional<Value> value;
    std::exception_ptr error;
    bool shared = false;  // under the mutex

    Result Get() const {
      if (error != nullptr) std::rethrow_exception(error);
      return {*value, true};
    }
  };

  template <class F>
  static void Make(Call& call, F&& f) {
    try {
      call.value.emplace(std::forward<F>(f)());
    } catch (...) {
      call.error = std::current_exception();
    }
  }

  Mutex mutex_;
  std::map<Key, std::shared_ptr<Call>> calls_;
};

}  // namespace csan::inline go_v1
