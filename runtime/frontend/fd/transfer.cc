// Calls that move data through a descriptor (table.h says what that orders), and what they do to the
// caller's buffers. A buffer that is sent is read before the release: whoever gets the message may use
// it again at once. It counts as read in full, even if the kernel should take less: the caller has
// promised the whole. A buffer that is received into counts as written as far as it was.
#include <stdarg.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frontend/fd/table.h"
#include "frontend/libc/format.h"
#include "frontend/libc/text.h"
#include "frontend/real.h"
#include "sync/events.h"
#include "sync/file_lock.h"

// What _FORTIFY_SOURCE makes of calls whose buffer's size is known.
extern "C" {
ssize_t __read_chk(int fd, void* buffer, size_t size, size_t room);
ssize_t __pread_chk(int fd, void* buffer, size_t size, off_t at, size_t room);
ssize_t __pread64_chk(int fd, void* buffer, size_t size, off64_t at, size_t room);
ssize_t __recv_chk(int fd, void* buffer, size_t size, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void* buffer, size_t size, size_t room, int flags, sockaddr* from,
                       socklen_t* length);
int __vdprintf_chk(int fd, int flag, const char* format, va_list list);
}

CSAN_REAL(__read_chk)
CSAN_REAL(__pread_chk)
CSAN_REAL(__pread64_chk)
CSAN_REAL(__recv_chk)
CSAN_REAL(__recvfrom_chk)
CSAN_REAL(__vdprintf_chk)
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
CSAN_REAL(preadv)
CSAN_REAL(preadv64)
CSAN_REAL(preadv2)
CSAN_REAL(preadv64v2)
CSAN_REAL(pwritev)
CSAN_REAL(pwritev64)
CSAN_REAL(pwritev2)
CSAN_REAL(pwritev64v2)
CSAN_REAL(vdprintf)
CSAN_REAL(eventfd_read)
CSAN_REAL(eventfd_write)

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

uptr Size(int count) { return count > 0 ? static_cast<uptr>(count) : 0; }

void BeforePrint(const Caller& caller, int fd, const char* format, va_list list) {
  csan::PrintsArguments(caller, format, list);
  csan::ReleaseFd(fd);
  csan::BeforeWait();
}
int Print(const Caller& caller, int fd, const char* format, va_list list) {
  BeforePrint(caller, fd, format, list);
  return real_vdprintf()(fd, format, list);
}
int PrintChecked(const Caller& caller, int fd, int flag, const char* format, va_list list) {
  BeforePrint(caller, fd, format, list);
  return real___vdprintf_chk()(fd, flag, format, list);
}

void BeforeSend(const Caller& caller, int fd, const iovec* vector, uptr count) {
  for (uptr i = 0; i < count; i++) caller.Read(vector[i].iov_base, vector[i].iov_len);
  csan::ReleaseFd(fd);
}

// Whoever gets a descriptor may give back the locks of its file.
void NoteIfPassed(const msghdr& message) {
  if (message.msg_controllen != 0) csan::NoteDescriptorsPassed();
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

#define CSAN_RECEIVE_VECTOR(name, parameters, arguments)                                  \
  CSAN_INTERFACE ssize_t name parameters {                                                \
    csan::BeforeWait();                                                                   \
    return AfterReceive(CSAN_CALLER(), real_##name() arguments, fd, vector, Size(count)); \
  }
#define CSAN_SEND_VECTOR(name, parameters, arguments)   \
  CSAN_INTERFACE ssize_t name parameters {              \
    BeforeSend(CSAN_CALLER(), fd, vector, Size(count)); \
    csan::BeforeWait();                                 \
    return real_##name() arguments;                     \
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

CSAN_RECEIVE(__read_chk, (int fd, void* buffer, size_t size, size_t room), (fd, buffer, size, room))
CSAN_RECEIVE(__pread_chk, (int fd, void* buffer, size_t size, off_t at, size_t room),
             (fd, buffer, size, at, room))
CSAN_RECEIVE(__pread64_chk, (int fd, void* buffer, size_t size, off64_t at, size_t room),
             (fd, buffer, size, at, room))
CSAN_RECEIVE(__recv_chk, (int fd, void* buffer, size_t size, size_t room, int flags),
             (fd, buffer, size, room, flags))
CSAN_RECEIVE(__recvfrom_chk,
             (int fd, void* buffer, size_t size, size_t room, int flags, sockaddr* from,
              socklen_t* length),
             (fd, buffer, size, room, flags, from, length))

CSAN_RECEIVE_VECTOR(readv, (int fd, const iovec* vector, int count), (fd, vector, count))
CSAN_RECEIVE_VECTOR(preadv, (int fd, const iovec* vector, int count, off_t at),
                    (fd, vector, count, at))
CSAN_RECEIVE_VECTOR(preadv64, (int fd, const iovec* vector, int count, off64_t at),
                    (fd, vector, count, at))
CSAN_RECEIVE_VECTOR(preadv2, (int fd, const iovec* vector, int count, off_t at, int flags),
                    (fd, vector, count, at, flags))
CSAN_RECEIVE_VECTOR(preadv64v2, (int fd, const iovec* vector, int count, off64_t at, int flags),
                    (fd, vector, count, at, flags))
CSAN_SEND_VECTOR(writev, (int fd, const iovec* vector, int count), (fd, vector, count))
CSAN_SEND_VECTOR(pwritev, (int fd, const iovec* vector, int count, off_t at),
                 (fd, vector, count, at))
CSAN_SEND_VECTOR(pwritev64, (int fd, const iovec* vector, int count, off64_t at),
                 (fd, vector, count, at))
CSAN_SEND_VECTOR(pwritev2, (int fd, const iovec* vector, int count, off_t at, int flags),
                 (fd, vector, count, at, flags))
CSAN_SEND_VECTOR(pwritev64v2, (int fd, const iovec* vector, int count, off64_t at, int flags),
                 (fd, vector, count, at, flags))

CSAN_INTERFACE int vdprintf(int fd, const char* format, va_list list) {
  return Print(CSAN_CALLER(), fd, format, list);
}
CSAN_INTERFACE int __vdprintf_chk(int fd, int flag, const char* format, va_list list) {
  return PrintChecked(CSAN_CALLER(), fd, flag, format, list);
}
CSAN_LISTED(dprintf, (int fd, const char* format, ...), format,
            Print(CSAN_CALLER(), fd, format, list))
CSAN_LISTED(__dprintf_chk, (int fd, int flag, const char* format, ...), format,
            PrintChecked(CSAN_CALLER(), fd, flag, format, list))

CSAN_INTERFACE int eventfd_read(int fd, eventfd_t* to) {
  csan::BeforeWait();
  const int result = real_eventfd_read()(fd, to);
  if (result != 0) return result;
  csan::AcquireFd(fd);
  CSAN_CALLER().Write(to, sizeof(*to));
  return result;
}
CSAN_INTERFACE int eventfd_write(int fd, eventfd_t value) {
  csan::ReleaseFd(fd);
  csan::BeforeWait();
  return real_eventfd_write()(fd, value);
}

CSAN_INTERFACE ssize_t recvmsg(int fd, msghdr* message, int flags) {
  csan::BeforeWait();
  const ssize_t got = real_recvmsg()(fd, message, flags);
  return AfterReceive(CSAN_CALLER(), got, fd, message->msg_iov, message->msg_iovlen);
}
CSAN_INTERFACE ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  BeforeSend(CSAN_CALLER(), fd, message->msg_iov, message->msg_iovlen);
  NoteIfPassed(*message);
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
    NoteIfPassed(m);
  }
  csan::BeforeWait();
  return real_sendmmsg()(fd, messages, count, flags);
}
}
