// The shape of csan/go.h, as far as these sources use it: all that csan-audit sees of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace csan::inline go_v1 {

struct Named {
  explicit Named(std::string_view name);
};
template <class F, class... A>
void go(F&&, A&&...) {}
template <class F, class... A>
void go(Named, F&&, A&&...) {}
void Sleep(std::chrono::nanoseconds duration);

struct Unit {};

template <class T>
class ReceiveChan {
 public:
  ReceiveChan();
  ReceiveChan(const ReceiveChan&);
  ~ReceiveChan();
  T Receive() const;
  std::optional<T> Next() const;
  std::size_t Len() const;

  class Iterator {
   public:
    T& operator*() const;
    Iterator& operator++();
    bool operator==(std::default_sentinel_t) const;
  };
  Iterator begin() const;
  std::default_sentinel_t end() const;
};

template <class T>
class Chan : public ReceiveChan<T> {
 public:
  void Send(T value) const;
  bool TrySend(T value) const;
  void Close() const;
};

template <class T>
class SendChan {
 public:
  SendChan(Chan<T> chan);
  void Send(T value) const;
  void Close() const;
};

template <class T>
Chan<T> MakeChan(std::size_t = 0) {
  return {};
}
template <class T>
void close(const Chan<T>&) {}
template <class T>
void close(const SendChan<T>&) {}

namespace internal {
struct DefaultCase {};
struct Case {};
struct Nothing {};
}  // namespace internal

template <class T, class F = internal::Nothing>
internal::Case OnReceive(const ReceiveChan<T>&, F = {}) {
  return {};
}
template <class T, class F = internal::Nothing>
internal::Case OnSend(const Chan<T>&, T, F = {}) {
  return {};
}
internal::DefaultCase Default();
internal::Case Timeout(std::chrono::nanoseconds after);
template <class... Cases>
std::size_t Select(Cases...) {
  return 0;
}

class WaitGroup {
 public:
  WaitGroup();
  ~WaitGroup();
  void Add(long delta);
  void Done();
  void Wait();
};

class Mutex {
 public:
  void Lock();
  void Unlock();
  void lock();
  void unlock();
};

class Once {
 public:
  template <class F>
  void Do(F&&) {}
};

class Cond {
 public:
  explicit Cond(Mutex& mutex);
  void Wait();
  template <class Condition>
  void Wait(Condition) {}
};

}  // namespace csan::inline go_v1
