// Select: waits for the first of several sends and receives that can be done, and does it; if several can
// be, one of them by chance. Then its function is called, and the index of the case is the result.
//
// With a Default it does not wait: that is taken if no other case is ready. A Timeout is a case that
// becomes ready after a time. Cases of nil channels are never ready. A send to a closed channel panics, if
// it is chosen. Selecting from no case at all panics.
//
// Happens-before: of the case that was done, what the channel says. The others, and Default, order nothing.
//
//     csan::Select(
//         csan::OnReceive(results, [](int value, bool ok) { std::cout << (ok ? value : 0); }),
//         csan::OnSend(requests, next, [] { std::cout << "sent"; }),
//         csan::OnReceive(stop, [] { std::cout << "told to stop"; }),
//         csan::Timeout(std::chrono::seconds(1), [] { std::cout << "nothing came"; }));
//
//     csan::Cases cases;  // as many as are known when the program runs
//     for (const auto& chan : chans) cases.Add(csan::OnReceive(chan));
//     std::cout << "value of channel " << cases.Select();
#pragma once

#include <csan/go/chan.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace csan::inline go_v1 {

namespace internal {

// What is to be done, in plain bytes.
struct Arm {
  enum class Kind { kSend, kReceive, kDefault };
  Kind kind;
  Core* core = nullptr;
  void* cell = nullptr;  // to read from or to write to
};

class SelectCase {
 public:
  SelectCase() = default;
  SelectCase(SelectCase&&) = default;
  virtual ~SelectCase() = default;
  // Before the Select, which it is valid for.
  virtual Arm Prepare() = 0;
  // Of the case that was chosen; `received` is false if it was a receive from a closed channel.
  virtual void Chosen(bool received) = 0;
};

std::size_t RunSelect(std::span<SelectCase* const> cases);

template <class T, class F>
class ReceiveCase final : public SelectCase {
 public:
  ReceiveCase(ReceiveChan<T> chan, F f) : chan_(std::move(chan)), f_(std::move(f)) {}
  Arm Prepare() override { return {Arm::Kind::kReceive, Access::Get(chan_), cell_.bytes()}; }
  void Chosen(bool received) override {
    if constexpr (std::is_invocable_v<F&, T, bool>) {
      received ? f_(cell_.Take(), true) : f_(T{}, false);
    } else if constexpr (std::is_invocable_v<F&, T>) {
      received ? f_(cell_.Take()) : f_(T{});
    } else {
      if (received) static_cast<void>(cell_.Take());
      f_();
    }
  }

 private:
  ReceiveChan<T> chan_;
  F f_;
  Cell<T> cell_;
};

template <class T, class F>
class SendCase final : public SelectCase {
 public:
  SendCase(SendChan<T> chan, T value, F f)
      : chan_(std::move(chan)), parcel_(std::move(value)), f_(std::move(f)) {}
  Arm Prepare() override {
    return {Arm::Kind::kSend, Access::Get(chan_), const_cast<void*>(parcel_.bytes())};
  }
  void Chosen(bool) override {
    parcel_.Sent();
    f_();
  }

 private:
  SendChan<T> chan_;
  Parcel<T> parcel_;
  F f_;
};

template <class F>
class DefaultCase final : public SelectCase {
 public:
  explicit DefaultCase(F f) : f_(std::move(f)) {}
  Arm Prepare() override { return {Arm::Kind::kDefault}; }
  void Chosen(bool) override { f_(); }

 private:
  F f_;
};

// Pending from Prepare() to its destruction.
class Deadline;
struct DeleteDeadline {
  void operator()(Deadline* deadline) const;
};
std::unique_ptr<Deadline, DeleteDeadline> StartDeadline(std::chrono::nanoseconds after);
Core* CoreOf(const Deadline& deadline);

template <class F>
class TimeoutCase final : public SelectCase {
 public:
  TimeoutCase(std::chrono::nanoseconds after, F f) : after_(after), f_(std::move(f)) {}
  Arm Prepare() override {
    deadline_ = StartDeadline(after_);
    return {Arm::Kind::kReceive, CoreOf(*deadline_), &ignored_};
  }
  void Chosen(bool) override { f_(); }

 private:
  std::chrono::nanoseconds after_;
  F f_;
  std::unique_ptr<Deadline, DeleteDeadline> deadline_;
  std::chrono::steady_clock::time_point ignored_;
};

struct Nothing {
  void operator()() const {}
};

}  // namespace internal

// f(value, ok), f(value) or f().
template <class T, class F = internal::Nothing>
internal::ReceiveCase<T, F> OnReceive(const ReceiveChan<T>& chan, F f = {}) {
  return {chan, std::move(f)};
}
template <class T, class F = internal::Nothing>
internal::SendCase<T, F> OnSend(const SendChan<T>& chan, std::type_identity_t<T> value, F f = {}) {
  return {chan, std::move(value), std::move(f)};
}
template <class T, class F = internal::Nothing>
internal::SendCase<T, F> OnSend(const Chan<T>& chan, std::type_identity_t<T> value, F f = {}) {
  return {chan, std::move(value), std::move(f)};
}
template <class F = internal::Nothing>
internal::DefaultCase<F> Default(F f = {}) {
  return internal::DefaultCase<F>(std::move(f));
}
template <class F = internal::Nothing>
internal::TimeoutCase<F> Timeout(std::chrono::nanoseconds after, F f = {}) {
  return {after, std::move(f)};
}

template <class... CaseTypes>
  requires(std::derived_from<CaseTypes, internal::SelectCase> && ...)
std::size_t Select(CaseTypes... cases) {
  internal::SelectCase* const pointers[sizeof...(cases) + 1] = {&cases..., nullptr};
  return internal::RunSelect({pointers, sizeof...(cases)});
}

// For one Select.
class Cases {
 public:
  template <class CaseType>
    requires std::derived_from<CaseType, internal::SelectCase>
  Cases& Add(CaseType one) {
    cases_.push_back(std::make_unique<CaseType>(std::move(one)));
    return *this;
  }
  std::size_t Select() {
    std::vector<internal::SelectCase*> pointers;
    pointers.reserve(cases_.size());
    const auto cases = std::exchange(cases_, {});
    for (const auto& one : cases) pointers.push_back(one.get());
    return internal::RunSelect(pointers);
  }

 private:
  std::vector<std::unique_ptr<internal::SelectCase>> cases_;
};

}  // namespace csan::inline go_v1
