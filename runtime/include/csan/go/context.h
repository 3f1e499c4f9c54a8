// Context: tells a tree of calls that they are no longer wanted, or by when; and carries values down it.
//
// A handle: copies are the same context; a default-constructed one is the background, which is never done.
// A derived context is done when its parent is, when it is cancelled, or when its deadline has passed,
// whatever comes first. Call the cancel function when the work has ended, to let go of what waits for it.
//
// Happens-before: a cancel, and what it does, before a receive from Done() that it ends, and before an Err()
// that tells of it. A value: WithValue before Value.
//
//     auto [context, cancel] = csan::WithTimeout(csan::Background(), std::chrono::seconds(1));
//     const auto result = csan::MakeChan<int>(1);
//     csan::go([context, result] {
//       csan::Select(csan::OnSend(result, Work()), csan::OnReceive(context.Done()));
//     });
//     std::cout << result.Receive();
//     cancel();
//
//     static const csan::ContextKey<std::string> kUser;
//     const csan::Context mine = csan::WithValue(context, kUser, "gopher");
//     const std::string* user = mine.Value(kUser);
#pragma once

#include <csan/go/chan.h>
#include <csan/go/time.h>

#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace csan::inline go_v1 {

enum class ContextError { kNone, kCanceled, kDeadlineExceeded };
// "context canceled" and the like.
const char* ToString(ContextError error);

// What a value is found by: the object itself, which must outlive the contexts.
template <class T>
class ContextKey {
 public:
  constexpr ContextKey() = default;
  ContextKey(const ContextKey&) = delete;
  ContextKey& operator=(const ContextKey&) = delete;

 private:
  [[maybe_unused]] char identity_ = 0;
};

namespace internal {

class ContextNode;

class ContextValue {
 public:
  ContextValue() = default;
  ContextValue(const ContextValue&) = delete;
  ContextValue& operator=(const ContextValue&) = delete;
  virtual ~ContextValue() = default;
};
template <class T>
struct Held final : ContextValue {
  explicit Held(T the_value) : value(std::move(the_value)) {}
  const T value;
};

}  // namespace internal

class Context {
 public:
  constexpr Context() = default;
  Context(const Context& other);
  Context(Context&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Context& operator=(Context other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Context() {
    if (node_ != nullptr) Drop();
  }

  // Closed once it is done; nil if it never will be.
  ReceiveChan<Unit> Done() const;
  // kNone until it is done.
  ContextError Err() const;
  std::optional<Time> Deadline() const;
  // The nearest one up the tree, which lives as long as this context; null if there is none.
  template <class T>
  const T* Value(const ContextKey<T>& key) const {
    const internal::ContextValue* const found = Find(&key);
    return found != nullptr ? &static_cast<const internal::Held<T>*>(found)->value : nullptr;
  }

 private:
  friend class internal::ContextNode;
  explicit Context(internal::ContextNode* node) : node_(node) {}
  void Drop();
  const internal::ContextValue* Find(const void* key) const;
  internal::ContextNode* node_ = nullptr;
};

// Cancels its context. May be called any number of times, and copied.
class CancelFunction {
 public:
  void operator()() const;

 private:
  friend class internal::ContextNode;
  explicit CancelFunction(Context context) : context_(std::move(context)) {}
  Context context_;
};

struct CancellableContext {
  Context context;
  CancelFunction cancel;
};

inline Context Background() { return {}; }
CancellableContext WithCancel(const Context& parent);
CancellableContext WithDeadline(const Context& parent, Time deadline);
CancellableContext WithTimeout(const Context& parent, std::chrono::nanoseconds timeout);

namespace internal {
Context WithValue(const Context& parent, const void* key, std::unique_ptr<ContextValue> value);
}  // namespace internal
template <class T>
Context WithValue(const Context& parent, const ContextKey<T>& key, std::type_identity_t<T> value) {
  return internal::WithValue(parent, &key, std::make_unique<internal::Held<T>>(std::move(value)));
}

}  // namespace csan::inline go_v1
