// What channels of all types are made of. Values are cells of plain bytes: a small T that can be copied as
// bytes itself, a pointer to any other. So nothing of the program's runs under a channel's lock, and in a
// program that a sanitizer instruments all that is done to a T is done by its sender or its receiver.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace csan::inline go_v1::internal {

class Core;

enum class Attempt { kWouldWait, kClosed, kDone };

void Send(Core* core, const void* cell);
bool TrySend(Core* core, const void* cell);
// Whether a value was received: false if it is closed and empty.
bool Receive(Core* core, void* cell);
Attempt TryReceive(Core* core, void* cell);
void Close(Core* core);
std::size_t Length(Core* core);
std::size_t Capacity(const Core* core);

using DropCell = void (*)(void* cell);

// One of a channel's owners.
class CoreRef {
 public:
  constexpr CoreRef() = default;
  static CoreRef Make(std::size_t capacity, std::size_t cell_size, DropCell drop);
  CoreRef(const CoreRef& other) : core_(other.core_) { Share(); }
  CoreRef(CoreRef&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  CoreRef& operator=(CoreRef other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~CoreRef() {
    if (core_ != nullptr) Drop();
  }
  Core* get() const { return core_; }
  bool operator==(const CoreRef&) const = default;

 private:
  void Share() const;
  void Drop();
  Core* core_ = nullptr;
};

struct Access {
  template <class ChanType>
  static ChanType Make(CoreRef core) {
    return ChanType(std::move(core));
  }
  template <class ChanType>
  static Core* Get(const ChanType& chan) {
    if constexpr (requires { chan.core_; }) {
      return chan.core_.get();
    } else {
      return Get(chan.chan_);
    }
  }
};

template <class T>
inline constexpr bool kBoxed = !std::is_trivially_copyable_v<T> || (sizeof(T) > 128);
template <class T>
using Stored = std::conditional_t<kBoxed<T>, T*, T>;

// Null if there is nothing to do.
template <class T>
DropCell Drop() {
  if constexpr (!kBoxed<T>) {
    return nullptr;
  } else {
    return [](void* cell) {
      T* box = nullptr;
      std::memcpy(&box, cell, sizeof(box));
      delete box;
    };
  }
}

// On its way in.
template <class T>
class Parcel {
 public:
  explicit Parcel(T value) : stored_(Store(std::move(value))) {}
  Parcel(Parcel&& other) noexcept : stored_(std::move(other.stored_)) { other.Sent(); }
  Parcel& operator=(Parcel&&) = delete;
  ~Parcel() {
    if constexpr (kBoxed<T>) delete stored_;
  }
  const void* bytes() const { return &stored_; }
  void Sent() {
    if constexpr (kBoxed<T>) stored_ = nullptr;
  }

 private:
  static Stored<T> Store(T value) {
    if constexpr (kBoxed<T>) {
      return new T(std::move(value));
    } else {
      return value;
    }
  }
  Stored<T> stored_;
};

// On its way out.
template <class T>
class Cell {
 public:
  void* bytes() { return bytes_; }
  T Take() {
    auto* const stored = std::launder(reinterpret_cast<Stored<T>*>(bytes_));
    if constexpr (kBoxed<T>) {
      const std::unique_ptr<T> box(*stored);
      return std::move(*box);
    } else {
      return *stored;
    }
  }

 private:
  alignas(Stored<T>) unsigned char bytes_[sizeof(Stored<T>)];
};

}  // namespace csan::inline go_v1::internal
