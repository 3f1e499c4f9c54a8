// Calls that move data through a descriptor (table.h says what that orders), and what they do to the
// caller's buffers. A buffer that is sent is read before the release: whoever gets the message may use
// it again at once. It counts as read in full, even if the kernel should take less: the caller has
// promised the whole. A buffer that is received into counts as written as far as it was.
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frontend/fd/table.h"
#include "frontend/libc/caller.h"
#include "frontend/real.h"
#include "sync/events.h"

CSAN_REAL(read)
CSAN_REAL(pread)
CSAN_REAL(pread64)
CSAN_REAL(readv)
CSAN_REAL(recv)
CSAN_REAL(recvfrom)
CSAN_REAL(recvmsg)
CSAN_REAL(write)
CSAN_REAL(pwrite)
CSAN_REAL(pwrite64)
CSAN_REAL(writev)
CSAN_REAL(send)
CSAN_REAL(sendto)
CSAN_REAL(sendmsg)
CSAN_REAL(sendmmsg)
CSAN_REAL(recvmmsg)

namespace {

using csan::Caller;
using csan::uptr;

// The first `left` bytes that the vector names.
void WriteVector(const Caller& caller, const iovec* vector, uptr count, uptr left) {
  for (uptr i = 0; i < count && left != 0; i++) {
    const uptr n = vector[i].iov_len < left ? vector[i].iov_len : left;
    caller.Write(vector[i].iov_base, n);
    left -= n;
  }
}

void BeforeSend(const Caller& caller, int fd, const iovec* vector, uptr count) {
  for (uptr i = 0; i < count; i++) caller.Read(vector[i].iov_base, vector[i].iov_len);
  csan::ReleaseFd(fd);
}

ssize_t AfterReceive(const Caller& caller, ssize_t got, int fd, const iovec* vector, uptr count) {
  if (got < 0) return got;
  csan::AcquireFd(fd);
  WriteVector(caller, vector, count, static_cast<uptr>(got));
  return got;
}

}  // namespace

#define CSAN_RECEIVE(name, parameters, arguments)                                \
  CSAN_INTERFACE ssize_t name parameters {                                       \
    const iovec vector = {buffer, size};                                         \
    csan::BeforeWait();                                                          \
    return AfterReceive(CSAN_CALLER(), real_##name() arguments, fd, &vector, 1); \
  }
#define CSAN_SEND(name, parameters, arguments)              \
  CSAN_INTERFACE ssize_t name parameters {                  \
    const iovec vector = {const_cast<void*>(buffer), size}; \
    BeforeSend(CSAN_CALLER(), fd, &vector, 1);              \
    csan::BeforeWait();                                     \
    return real_##name() arguments;                         \
  }

extern "C" {

CSAN_RECEIVE(read, (int fd, void* buffer, size_t size), (fd, buffer, size))
CSAN_RECEIVE(pread, (int fd, void* buffer, size_t size, off_t at), (fd, buffer, size, at))
CSAN_RECEIVE(pread64, (int fd, void* buffer, size_t size, off64_t at), (fd, buffer, size, at))
CSAN_RECEIVE(recv, (int fd, void* buffer, size_t size, int flags), (fd, buffer, size, flags))
CSAN_RECEIVE(recvfrom,
             (int fd, void* buffer, size_t size, int flags, sockaddr* from, socklen_t* length),
             (fd, buffer, size, flags, from, length))
CSAN_SEND(write, (int fd, const void* buffer, size_t size), (fd, buffer, size))
CSAN_SEND(pwrite, (int fd, const void* buffer, size_t size, off_t at), (fd, buffer, size, at))
CSAN_SEND(pwrite64, (int fd, const void* buffer, size_t size, off64_t at), (fd, buffer, size, at))
CSAN_SEND(send, (int fd, const void* buffer, size_t size, int flags), (fd, buffer, size, flags))
CSAN_SEND(sendto,
          (int fd, const void* buffer, size_t size, int flags, const sockaddr* to,
           socklen_t length),
          (fd, buffer, size, flags, to, length))

CSAN_INTERFACE ssize_t readv(int fd, const iovec* vector, int count) {
  csan::BeforeWait();
  return AfterReceive(CSAN_CALLER(), real_readv()(fd, vector, count), fd, vector,
                      static_cast<uptr>(count));
}
CSAN_INTERFACE ssize_t writev(int fd, const iovec* vector, int count) {
  if (count > 0) BeforeSend(CSAN_CALLER(), fd, vector, static_cast<uptr>(count));
  csan::BeforeWait();
  return real_writev()(fd, vector, count);
}

CSAN_INTERFACE ssize_t recvmsg(int fd, msghdr* message, int flags) {
  csan::BeforeWait();
  const ssize_t got = real_recvmsg()(fd, message, flags);
  return AfterReceive(CSAN_CALLER(), got, fd, message->msg_iov, message->msg_iovlen);
}
CSAN_INTERFACE ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  BeforeSend(CSAN_CALLER(), fd, message->msg_iov, message->msg_iovlen);
  csan::BeforeWait();
  return real_sendmsg()(fd, message, flags);
}
CSAN_INTERFACE int recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags, timespec* time) {
  csan::BeforeWait();
  const int got = real_recvmmsg()(fd, messages, count, flags, time);
  for (int i = 0; i < got; i++) {
    const msghdr& m = messages[i].msg_hdr;
    AfterReceive(CSAN_CALLER(), messages[i].msg_len, fd, m.msg_iov, m.msg_iovlen);
  }
  return got;
}
CSAN_INTERFACE int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  for (unsigned i = 0; i < count; i++) {
    const msghdr& m = messages[i].msg_hdr;
    BeforeSend(CSAN_CALLER(), fd, m.msg_iov, m.msg_iovlen);
  }
  csan::BeforeWait();
  return real_sendmmsg()(fd, messages, count, flags);
}
}
