// Addresses of sockets that a call fills in: as many bytes as there was room for, at most.
#pragma once

#include <sys/socket.h>

#include "frontend/libc/caller.h"

namespace csan {

// Made before the call, which changes what `size` says.
class SocketAddress {
 public:
  SocketAddress(sockaddr* to, socklen_t* size)
      : to_(to), size_(size), room_(to != nullptr && size != nullptr ? *size : 0) {}
  void Filled(const Caller& caller) const {
    if (!caller || to_ == nullptr || size_ == nullptr) return;
    caller.Write(size_, sizeof(*size_));
    caller.Write(to_, *size_ < room_ ? *size_ : room_);
  }

 private:
  sockaddr* to_;
  socklen_t* size_;
  socklen_t room_;
};

}  // namespace csan
