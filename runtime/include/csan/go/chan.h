// Channels: queues of values between goroutines, with the semantics of Go's.
//
// A Chan<T> is a handle, as in Go: copies are the same channel, and the last one ends it. One that was
// default-constructed is nil: sending to it and receiving from it wait for ever (which disables a case of
// a Select), closing it panics. MakeChan makes one of a capacity; with 0, a send waits for its receiver.
// Sending on a closed channel panics, as closing it again does; receiving from it gives the values that
// are left, then T{} at once. Values move through; none is ever touched under a lock.
//
// Happens-before: a send before the receive of its value; a close before a receive that finds the channel
// closed; the k-th receive before the completion of the (k + capacity)-th send. Len, Cap and attempts
// that fail order nothing.
//
//     csan::Chan<int> squares = csan::MakeChan<int>(10);
//     csan::go([squares] {
//       for (int i = 0; i < 100; i++) squares.Send(i * i);
//       squares.Close();
//     });
//     for (int square : squares) std::cout << square << '\n';
//     auto [value, ok] = squares.ReceiveOk();  // 0, false: it is closed
#pragma once

#include <csan/go/chan_core.h>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace csan::inline go_v1 {

template <class T>
struct Received {
  T value;
  bool ok;  // false: the channel is closed and empty, the value is T{}
};

// What Chan<Unit> sends: that something has happened.
struct Unit {
  bool operator==(const Unit&) const = default;
};

// The end that receives.
template <class T>
class ReceiveChan {
 public:
  constexpr ReceiveChan() = default;

  // Waits for a value, or for the channel to be closed.
  T Receive() const
    requires std::default_initializable<T>
  {
    return ReceiveOk().value;
  }
  Received<T> ReceiveOk() const
    requires std::default_initializable<T>
  {
    internal::Cell<T> cell;
    if (!internal::Receive(core_.get(), cell.bytes())) return {T{}, false};
    return {cell.Take(), true};
  }
  // Nothing once it is closed and empty.
  std::optional<T> Next() const {
    internal::Cell<T> cell;
    if (!internal::Receive(core_.get(), cell.bytes())) return std::nullopt;
    return cell.Take();
  }
  // Nothing if it would have to wait.
  std::optional<Received<T>> TryReceive() const
    requires std::default_initializable<T>
  {
    internal::Cell<T> cell;
    switch (internal::TryReceive(core_.get(), cell.bytes())) {
      case internal::Attempt::kWouldWait:
        return std::nullopt;
      case internal::Attempt::kClosed:
        return Received<T>{T{}, false};
      case internal::Attempt::kDone:
        break;
    }
    return Received<T>{cell.Take(), true};
  }

  // Values in the buffer, and room in it; 0 for nil.
  std::size_t Len() const { return internal::Length(core_.get()); }
  std::size_t Cap() const { return internal::Capacity(core_.get()); }

  explicit operator bool() const { return core_.get() != nullptr; }
  bool operator==(const ReceiveChan&) const = default;

  // Receives until the channel is closed and empty.
  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(ReceiveChan chan) : chan_(std::move(chan)), value_(chan_.Next()) {}
    T& operator*() const { return *value_; }
    Iterator& operator++() {
      value_ = chan_.Next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !value_.has_value(); }

   private:
    ReceiveChan chan_;
    mutable std::optional<T> value_;
  };
  Iterator begin() const { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }

 protected:
  friend struct internal::Access;
  explicit ReceiveChan(internal::CoreRef core) : core_(std::move(core)) {}
  internal::CoreRef core_;
};

template <class T>
class SendChan;

template <class T>
class Chan : public ReceiveChan<T> {
 public:
  constexpr Chan() = default;

  // Waits for a receiver, or for room in the buffer.
  void Send(T value) const {
    internal::Parcel<T> parcel(std::move(value));
    internal::Send(this->core_.get(), parcel.bytes());
    parcel.Sent();
  }
  // Whether that was possible at once; else the value is gone.
  bool TrySend(T value) const {
    internal::Parcel<T> parcel(std::move(value));
    const bool sent = internal::TrySend(this->core_.get(), parcel.bytes());
    if (sent) parcel.Sent();
    return sent;
  }
  void Close() const { internal::Close(this->core_.get()); }

 private:
  friend struct internal::Access;
  using ReceiveChan<T>::ReceiveChan;
};

// The end that sends, and closes.
template <class T>
class SendChan {
 public:
  constexpr SendChan() = default;
  SendChan(Chan<T> chan) : chan_(std::move(chan)) {}  // NOLINT(google-explicit-constructor)

  void Send(T value) const { chan_.Send(std::move(value)); }
  bool TrySend(T value) const { return chan_.TrySend(std::move(value)); }
  void Close() const { chan_.Close(); }
  std::size_t Len() const { return chan_.Len(); }
  std::size_t Cap() const { return chan_.Cap(); }
  explicit operator bool() const { return static_cast<bool>(chan_); }
  bool operator==(const SendChan&) const = default;

 private:
  friend struct internal::Access;
  Chan<T> chan_;
};

// Panics if so much room cannot be had.
template <class T>
Chan<T> MakeChan(std::size_t capacity = 0) {
  return internal::Access::Make<Chan<T>>(
      internal::CoreRef::Make(capacity, sizeof(internal::Stored<T>), internal::Drop<T>()));
}

template <class T>
void close(const Chan<T>& chan) {
  chan.Close();
}
template <class T>
void close(const SendChan<T>& chan) {
  chan.Close();
}

}  // namespace csan::inline go_v1
