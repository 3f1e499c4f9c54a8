// A context that is not the background.
//
// Those that can be cancelled know their nearest descendants that can be, which take themselves off when
// they end. Locks are taken down the tree. What is cancelled is held, not locked, while it cancels others.
#pragma once

#include <csan/go/context.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "futex.h"
#include "timers.h"

namespace csan::inline go_v1::internal {

class ContextNode {
 public:
  static CancellableContext Derive(const Context& parent, std::optional<Time> deadline);
  static Context Derive(const Context& parent, const void* key,
                        std::unique_ptr<ContextValue> value);
  static ContextNode* Of(const Context& context) { return context.node_; }

  void Share() { owners_.fetch_add(1, std::memory_order_relaxed); }
  void Drop();

  void Cancel(ContextError error);
  const Chan<Unit>& done() const { return done_; }
  ContextError Err();
  std::optional<Time> deadline() const { return deadline_; }
  const ContextValue* Find(const void* key) const;

 private:
  class Expiry final : public Timer {
   public:
    explicit Expiry(ContextNode& node) : Timer(Fire), node_(node) {}

   private:
    static bool Fire(Timer& timer);
    ContextNode& node_;
  };

  explicit ContextNode(ContextNode* parent);
  ~ContextNode() = default;

  // Unless it is about to end.
  bool TryShare();
  void JoinAncestor();
  void LeaveAncestor();
  static void Delete(ContextNode* node);
  [[gnu::noinline]] static void Free(ContextNode* node);

  std::atomic<std::uint32_t> owners_{1};
  ContextNode* const parent_;    // owned; null for the background
  ContextNode* const ancestor_;  // the nearest that can be cancelled
  Chan<Unit> done_;
  std::optional<Time> deadline_;
  const void* key_ = nullptr;
  std::unique_ptr<ContextValue> value_;
  Expiry expiry_{*this};
  bool cancellable_ = false;

  SpinLock lock_;
  ContextError error_ = ContextError::kNone;
  ContextNode* first_child_ = nullptr;
  // Under the ancestor's lock.
  ContextNode* next_sibling_ = nullptr;
  ContextNode* previous_sibling_ = nullptr;
  bool joined_ = false;
};

}  // namespace csan::inline go_v1::internal
