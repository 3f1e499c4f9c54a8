// Coroutines as libraries write them: a task that is awaited, a generator, a detached coroutine, events and
// hand-overs to another thread. Small on purpose: what they do about order is what the tests are about.
#pragma once

#include <atomic>
#include <coroutine>
#include <exception>
#include <utility>

#include "order.h"

// Whether a task may be a part of the frame of the one that awaits it.
#ifndef ELIDABLE
#define ELIDABLE
#endif

// Whoever awaits it, or resumes its handle, starts it; at its end the one that awaits goes on.
class ELIDABLE Task {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;
  struct promise_type {
    std::coroutine_handle<> next = std::noop_coroutine();
    std::exception_ptr thrown;
    int value = 0;
    struct Final {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(Handle h) noexcept { return h.promise().next; }
      void await_resume() noexcept {}
    };
    Task get_return_object() { return Task(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() { return {}; }
    Final final_suspend() noexcept { return {}; }
    void return_value(int v) { value = v; }
    void unhandled_exception() { thrown = std::current_exception(); }
  };

  Task(Task&& other) : handle_(other.Release()) {}
  ~Task() {
    if (handle_) handle_.destroy();
  }
  Handle Release() { return std::exchange(handle_, Handle()); }
  // Until it waits for something, or ends.
  void Start() { handle_.resume(); }
  bool Done() const { return handle_.done(); }
  int Value() const {
    if (handle_.promise().thrown) std::rethrow_exception(handle_.promise().thrown);
    return handle_.promise().value;
  }

  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> next) {
    handle_.promise().next = next;
    return handle_;
  }
  int await_resume() { return Value(); }

 private:
  explicit Task(Handle h) : handle_(h) {}
  Handle handle_;
};

class Generator {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;
  struct promise_type {
    int value = 0;
    Generator get_return_object() { return Generator(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int v) {
      value = v;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { throw; }
  };

  Generator(Generator&& other) : handle_(other.Release()) {}
  ~Generator() {
    if (handle_) handle_.destroy();
  }
  Handle Release() { return std::exchange(handle_, Handle()); }
  bool Next() {
    handle_.resume();
    return !handle_.done();
  }
  int Value() const { return handle_.promise().value; }

 private:
  explicit Generator(Handle h) : handle_(h) {}
  Handle handle_;
};

// Runs at once and frees itself at its end.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

// Keeps the handle of who awaits it, without an order: who takes it must make one.
struct Parked {
  std::coroutine_handle<> handle;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { handle = h; }
  void await_resume() {}
};

// To whoever calls Run, on another thread; with an order between the two unless `kUnordered`.
template <bool kUnordered>
class HandOverPoint {
 public:
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    if (kUnordered) {
      Put(h.address());
    } else {
      at_.store(h.address(), std::memory_order_release);
    }
  }
  void await_resume() {}

  // Resumes who came; waits for them.
  void Run() {
    void* got = nullptr;
    while (got == nullptr) {
      got = kUnordered ? Take() : at_.load(std::memory_order_acquire);
      sched_yield();
    }
    at_.store(nullptr, std::memory_order_relaxed);
    std::coroutine_handle<>::from_address(got).resume();
  }

 private:
  UNSEEN void Put(void* h) { __atomic_store_n(&unseen_, h, __ATOMIC_RELEASE); }
  UNSEEN void* Take() { return __atomic_exchange_n(&unseen_, nullptr, __ATOMIC_ACQUIRE); }
  std::atomic<void*> at_{nullptr};
  void* unseen_ = nullptr;
};
