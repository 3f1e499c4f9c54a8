#include <csan/go/context.h>
#include <csan/go/goroutine.h>

#include <algorithm>
#include <mutex>

#include "clock.h"
#include "context_node.h"
#include "core.h"
#include "hooks.h"

namespace csan::inline go_v1 {
namespace internal {

ContextNode::ContextNode(ContextNode* parent)
    : parent_(parent),
      ancestor_(parent == nullptr || parent->cancellable_ ? parent : parent->ancestor_) {
  if (parent_ == nullptr) return;
  parent_->Share();
  done_ = parent_->done_;
  deadline_ = parent_->deadline_;
}

CancellableContext ContextNode::Derive(const Context& parent, std::optional<Time> deadline) {
  auto* const node = new ContextNode(Of(parent));
  Context context(node);
  node->cancellable_ = true;
  node->done_ = MakeChan<Unit>();
  const bool sooner = deadline && (!node->deadline_ || *deadline < *node->deadline_);
  if (sooner) node->deadline_ = deadline;
  node->JoinAncestor();
  if (sooner) {
    const auto left = *deadline - std::chrono::steady_clock::now();
    if (left.count() <= 0) {
      node->Cancel(ContextError::kDeadlineExceeded);
    } else {
      Timers::Get().Add(node->expiry_, DeadlineNs(left));
    }
  }
  return {context, CancelFunction(context)};
}

Context ContextNode::Derive(const Context& parent, const void* key,
                            std::unique_ptr<ContextValue> value) {
  auto* const node = new ContextNode(Of(parent));
  node->key_ = key;
  node->value_ = std::move(value);
  return Context(node);
}

bool ContextNode::TryShare() {
  std::uint32_t owners = owners_.load(std::memory_order_relaxed);
  while (owners != 0) {
    if (owners_.compare_exchange_weak(owners, owners + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

// Up the tree, and each that has no other owner with it.
void ContextNode::Drop() {
  for (ContextNode* node = this; node != nullptr;) {
    hooks::Notify(&node->owners_);
    if (node->owners_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    hooks::Notified(&node->owners_);
    hooks::Forget(&node->owners_);
    ContextNode* const parent = node->parent_;
    Delete(node);
    node = parent;
  }
}

void ContextNode::Delete(ContextNode* node) {
  if (node->cancellable_) {
    Timers::Get().Remove(node->expiry_);
    node->LeaveAncestor();
  }
  node->value_.reset();  // the program's doing
  Free(node);
}

void ContextNode::Free(ContextNode* node) {
  CSAN_GO_OWN;
  hooks::Forget(node);
  delete node;
}

void ContextNode::JoinAncestor() {
  if (ancestor_ == nullptr) return;
  ContextError error{};
  {
    const std::lock_guard guard(ancestor_->lock_);
    error = ancestor_->error_;
    if (error == ContextError::kNone) {
      joined_ = true;
      next_sibling_ = ancestor_->first_child_;
      if (next_sibling_ != nullptr) next_sibling_->previous_sibling_ = this;
      ancestor_->first_child_ = this;
    }
  }
  if (error != ContextError::kNone) Cancel(error);
}

void ContextNode::LeaveAncestor() {
  if (ancestor_ == nullptr) return;
  const std::lock_guard guard(ancestor_->lock_);
  if (!joined_) return;
  joined_ = false;
  (previous_sibling_ == nullptr ? ancestor_->first_child_ : previous_sibling_->next_sibling_) =
      next_sibling_;
  if (next_sibling_ != nullptr) next_sibling_->previous_sibling_ = previous_sibling_;
  next_sibling_ = previous_sibling_ = nullptr;
}

void ContextNode::Cancel(ContextError error) {
  hooks::Notify(this);
  {
    const std::lock_guard guard(lock_);
    if (error_ != ContextError::kNone) return;
    error_ = error;
  }
  done_.Close();
  Timers::Get().Remove(expiry_);
  // From now on nobody joins.
  for (;;) {
    ContextNode* child = nullptr;
    {
      const std::lock_guard guard(lock_);
      child = first_child_;
      if (child == nullptr) break;
      first_child_ = child->next_sibling_;
      if (first_child_ != nullptr) first_child_->previous_sibling_ = nullptr;
      child->next_sibling_ = nullptr;
      child->joined_ = false;
      // One that is about to end waits for the lock.
      if (!child->TryShare()) continue;
    }
    child->Cancel(error);
    child->Drop();
  }
  LeaveAncestor();
}

ContextError ContextNode::Err() {
  ContextNode* const node = cancellable_ ? this : ancestor_;
  if (node == nullptr) return ContextError::kNone;
  ContextError error{};
  {
    const std::lock_guard guard(node->lock_);
    error = node->error_;
  }
  if (error != ContextError::kNone) hooks::Notified(node);
  return error;
}

const ContextValue* ContextNode::Find(const void* key) const {
  for (const ContextNode* node = this; node != nullptr; node = node->parent_) {
    if (node->key_ == key) return node->value_.get();
  }
  return nullptr;
}

// Cancelling ends waits and contexts, which may have timers; so not under the timers' lock.
bool ContextNode::Expiry::Fire(Timer& timer) {
  ContextNode& node = static_cast<Expiry&>(timer).node_;
  if (!node.TryShare()) return false;
  go([context = Context(&node)] {
    CSAN_GO_OWN;
    Of(context)->Cancel(ContextError::kDeadlineExceeded);
  });
  return false;
}

Context WithValue(const Context& parent, const void* key, std::unique_ptr<ContextValue> value) {
  CSAN_GO_OWN;
  return ContextNode::Derive(parent, key, std::move(value));
}

}  // namespace internal

using internal::ContextNode;

Context::Context(const Context& other) : node_(other.node_) {
  if (node_ != nullptr) node_->Share();
}
void Context::Drop() { node_->Drop(); }

ReceiveChan<Unit> Context::Done() const {
  if (node_ == nullptr) return {};
  return node_->done();
}
ContextError Context::Err() const { return node_ != nullptr ? node_->Err() : ContextError::kNone; }
std::optional<Time> Context::Deadline() const {
  return node_ != nullptr ? node_->deadline() : std::nullopt;
}
const internal::ContextValue* Context::Find(const void* key) const {
  return node_ != nullptr ? node_->Find(key) : nullptr;
}

void CancelFunction::operator()() const {
  CSAN_GO_OWN;
  ContextNode::Of(context_)->Cancel(ContextError::kCanceled);
}

CancellableContext WithCancel(const Context& parent) {
  CSAN_GO_OWN;
  return ContextNode::Derive(parent, std::nullopt);
}
CancellableContext WithDeadline(const Context& parent, Time deadline) {
  CSAN_GO_OWN;
  return ContextNode::Derive(parent, deadline);
}
CancellableContext WithTimeout(const Context& parent, std::chrono::nanoseconds timeout) {
  CSAN_GO_OWN;
  const Time now = std::chrono::steady_clock::now();
  const bool far = timeout > Time::max() - now;
  return ContextNode::Derive(parent, far ? Time::max() : now + timeout);
}

const char* ToString(ContextError error) {
  switch (error) {
    case ContextError::kNone:
      return "context not done";
    case ContextError::kCanceled:
      return "context canceled";
    case ContextError::kDeadlineExceeded:
      break;
  }
  return "context deadline exceeded";
}

}  // namespace csan::inline go_v1
