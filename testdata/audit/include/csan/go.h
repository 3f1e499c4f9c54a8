// The shape of csan/go.h, as far as channels.cpp uses it.
#pragma once

#include <cstddef>
#include <optional>

namespace csan {

template <class F, class... A>
void go(F&&, A&&...) {}

template <class T>
class Chan {
 public:
  Chan();
  explicit Chan(std::size_t capacity);
  Chan(const Chan&);
  ~Chan();
  void Send(T value);
  bool TrySend(T value);
  std::optional<T> Receive();
  void Close();

  class Iterator {
   public:
    T operator*() const;
    Iterator& operator++();
    bool operator!=(const Iterator& other) const;
  };
  Iterator begin();
  Iterator end();
};

class WaitGroup {
 public:
  void Add(int n);
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

}  // namespace csan
