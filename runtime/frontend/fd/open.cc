// How numbers come and go (table.h). A connection orders what was done before connect and listen with
// what follows accept: sockets are one object.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "actor/waiting.h"
#include "frontend/fd/address.h"
#include "frontend/fd/table.h"
#include "frontend/real.h"
#include "sync/events.h"
#include "sync/file_lock.h"

CSAN_REAL(pipe)
CSAN_REAL(pipe2)
CSAN_REAL(socketpair)
CSAN_REAL(eventfd)
CSAN_REAL(socket)
CSAN_REAL(connect)
CSAN_REAL(listen)
CSAN_REAL(accept)
CSAN_REAL(accept4)
CSAN_REAL(getsockname)
CSAN_REAL(getpeername)
CSAN_REAL(shutdown)
CSAN_REAL(dup)
CSAN_REAL(dup2)
CSAN_REAL(dup3)
CSAN_REAL(close)
CSAN_REAL(flock)
CSAN_REAL(lockf)
CSAN_REAL(lockf64)
CSAN_REAL(fcntl)
CSAN_REAL(fcntl64)
CSAN_REAL(timerfd_create)
CSAN_REAL(timerfd_settime)
CSAN_REAL(signalfd)
CSAN_REAL(inotify_init)
CSAN_REAL(inotify_init1)
CSAN_REAL(close_range)
CSAN_REAL(closefrom)

namespace {

using csan::Caller;
using csan::SocketAddress;
using csan::uptr;

constexpr int kOnlyMarks = 4;  // CLOSE_RANGE_CLOEXEC

int Pair(const Caller& caller, int result, int* ends) {
  if (result != 0) return result;
  caller.Write(ends, 2 * sizeof(*ends));
  csan::OpenPair(ends[0], ends[1]);
  return result;
}

int Same(int fd, int as) {
  if (fd >= 0) csan::OpenSame(fd, as);
  return fd;
}

// A wait is told only where there is one.
template <typename Try, typename Call>
int TakeLock(int fd, uptr pc, Try attempt, Call call) {
  const int had = errno;
  const int result = attempt();
  if (result == 0 || (errno != EAGAIN && errno != EACCES)) return result;
  errno = had;
  const csan::Waiting waiting(csan::Wait::For::kFileLock, static_cast<uptr>(fd), pc);
  return call();
}

// After the call that has taken an open file's lock, or given it back.
void Locked(int fd, bool unlocks, uptr pc) {
  if (unlocks) {
    csan::NoteFileUnlocked(fd);
  } else {
    csan::AcquireFd(fd);
    if (CSAN_LISTENING()) csan::NoteFileLocked(fd, pc);
  }
}

// Locks of the process (F_SETLK) order nothing between its threads; those of an open file do, as flock.
template <typename Real>
int Control(int fd, int command, uptr argument, uptr pc, Real real) {
  const bool locks = command == F_OFD_SETLK || command == F_OFD_SETLKW;
  const bool unlocks = locks && reinterpret_cast<const struct flock*>(argument)->l_type == F_UNLCK;
  if (unlocks) csan::ReleaseFd(fd);
  const auto call = [=] { return real(fd, command, argument); };
  const int attempt = command == F_SETLKW ? F_SETLK : F_OFD_SETLK;
  const int result = command == F_OFD_SETLKW || command == F_SETLKW
                         ? TakeLock(
                               fd, pc, [=] { return real(fd, attempt, argument); }, call)
                         : call();
  if (result < 0) return result;
  if (locks) Locked(fd, unlocks, pc);
  return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? Same(result, fd) : result;
}

int Accepted(const Caller& caller, int fd, int from, const SocketAddress& address) {
  if (fd < 0) return fd;
  address.Filled(caller);
  csan::OpenUnknown(fd);
  csan::AcquireFd(from);
  return fd;
}

}  // namespace

extern "C" {

CSAN_INTERFACE int pipe(int* ends) noexcept { return Pair(CSAN_CALLER(), real_pipe()(ends), ends); }
CSAN_INTERFACE int pipe2(int* ends, int flags) noexcept {
  return Pair(CSAN_CALLER(), real_pipe2()(ends, flags), ends);
}
CSAN_INTERFACE int socketpair(int domain, int type, int protocol, int* ends) noexcept {
  return Pair(CSAN_CALLER(), real_socketpair()(domain, type, protocol, ends), ends);
}
CSAN_INTERFACE int eventfd(unsigned value, int flags) noexcept {
  const int fd = real_eventfd()(value, flags);
  if (fd >= 0) csan::OpenNew(fd);
  return fd;
}

CSAN_INTERFACE int socket(int domain, int type, int protocol) noexcept {
  const int fd = real_socket()(domain, type, protocol);
  if (fd >= 0) csan::OpenUnknown(fd);
  return fd;
}
CSAN_INTERFACE int connect(int fd, const sockaddr* to, socklen_t length) {
  CSAN_CALLER().Read(to, length);
  csan::ReleaseFd(fd);
  csan::BeforeWait();
  const int result = real_connect()(fd, to, length);
  if (result == 0) csan::AcquireFd(fd);
  return result;
}
CSAN_INTERFACE int listen(int fd, int backlog) noexcept {
  csan::ReleaseFd(fd);
  return real_listen()(fd, backlog);
}
CSAN_INTERFACE int accept(int fd, sockaddr* from, socklen_t* length) {
  const SocketAddress address(from, length);
  csan::BeforeWait();
  return Accepted(CSAN_CALLER(), real_accept()(fd, from, length), fd, address);
}
CSAN_INTERFACE int accept4(int fd, sockaddr* from, socklen_t* length, int flags) {
  const SocketAddress address(from, length);
  csan::BeforeWait();
  return Accepted(CSAN_CALLER(), real_accept4()(fd, from, length, flags), fd, address);
}
CSAN_INTERFACE int getsockname(int fd, sockaddr* to, socklen_t* size) noexcept {
  const SocketAddress address(to, size);
  const int result = real_getsockname()(fd, to, size);
  if (result == 0) address.Filled(CSAN_CALLER());
  return result;
}
CSAN_INTERFACE int getpeername(int fd, sockaddr* to, socklen_t* size) noexcept {
  const SocketAddress address(to, size);
  const int result = real_getpeername()(fd, to, size);
  if (result == 0) address.Filled(CSAN_CALLER());
  return result;
}
CSAN_INTERFACE int shutdown(int fd, int how) noexcept {
  csan::ReleaseFd(fd);
  return real_shutdown()(fd, how);
}

CSAN_INTERFACE int dup(int fd) noexcept { return Same(real_dup()(fd), fd); }
CSAN_INTERFACE int dup2(int fd, int to) noexcept {
  if (fd != to) csan::CloseNumber(to);
  return Same(real_dup2()(fd, to), fd);
}
CSAN_INTERFACE int dup3(int fd, int to, int flags) noexcept {
  if (fd != to) csan::CloseNumber(to);
  return Same(real_dup3()(fd, to, flags), fd);
}
CSAN_INTERFACE int close(int fd) {
  csan::CloseNumber(fd);
  return real_close()(fd);
}

CSAN_INTERFACE int close_range(unsigned first, unsigned last, int flags) noexcept {
  if ((flags & kOnlyMarks) == 0) csan::CloseRange(first, last);
  return real_close_range()(first, last, flags);
}
CSAN_INTERFACE void closefrom(int first) noexcept {
  csan::CloseRange(first < 0 ? 0 : static_cast<unsigned>(first), ~0u);
  real_closefrom()(first);
}

CSAN_INTERFACE int fcntl(int fd, int command, ...) {
  va_list list;
  va_start(list, command);
  const uptr argument = va_arg(list, uptr);  // an int is passed in the same register
  va_end(list);
  return Control(fd, command, argument, CSAN_CALLER_PC(), real_fcntl());
}
CSAN_INTERFACE int fcntl64(int fd, int command, ...) {
  va_list list;
  va_start(list, command);
  const uptr argument = va_arg(list, uptr);
  va_end(list);
  return Control(fd, command, argument, CSAN_CALLER_PC(), real_fcntl64());
}

CSAN_INTERFACE int timerfd_create(clockid_t clock, int flags) noexcept {
  const int fd = real_timerfd_create()(clock, flags);
  if (fd >= 0) csan::OpenNew(fd);
  return fd;
}
CSAN_INTERFACE int timerfd_settime(int fd, int flags, const itimerspec* wanted,
                                   itimerspec* had) noexcept {
  const Caller caller = CSAN_CALLER();
  csan::ReleaseFd(fd);
  const int result = real_timerfd_settime()(fd, flags, wanted, had);
  if (result != 0) return result;
  caller.Read(wanted, sizeof(*wanted));
  if (had != nullptr) caller.Write(had, sizeof(*had));
  return result;
}
CSAN_INTERFACE int signalfd(int fd, const sigset_t* mask, int flags) noexcept {
  const int got = real_signalfd()(fd, mask, flags);
  if (got >= 0 && fd < 0) csan::OpenSignals(got);
  return got;
}
CSAN_INTERFACE int inotify_init() noexcept {
  const int fd = real_inotify_init()();
  if (fd >= 0) csan::OpenFileNotices(fd);
  return fd;
}
CSAN_INTERFACE int inotify_init1(int flags) noexcept {
  const int fd = real_inotify_init1()(flags);
  if (fd >= 0) csan::OpenFileNotices(fd);
  return fd;
}

// A lock on a file orders those who share the file's object, which is all.
CSAN_INTERFACE int flock(int fd, int operation) noexcept {
  const bool unlocks = (operation & LOCK_UN) != 0;
  if (unlocks) csan::ReleaseFd(fd);
  const auto call = [=] { return real_flock()(fd, operation); };
  const auto attempt = [=] { return real_flock()(fd, operation | LOCK_NB); };
  const int result = (operation & (LOCK_UN | LOCK_NB)) != 0
                         ? call()
                         : TakeLock(fd, CSAN_CALLER_PC(), attempt, call);
  if (result == 0) Locked(fd, unlocks, CSAN_CALLER_PC());
  return result;
}
// Locks of the process, too.
CSAN_INTERFACE int lockf(int fd, int command, off_t size) {
  const auto take = [=](int how) { return [=] { return real_lockf()(fd, how, size); }; };
  if (command != F_LOCK) return take(command)();
  return TakeLock(fd, CSAN_CALLER_PC(), take(F_TLOCK), take(F_LOCK));
}
CSAN_INTERFACE int lockf64(int fd, int command, off64_t size) {
  const auto take = [=](int how) { return [=] { return real_lockf64()(fd, how, size); }; };
  if (command != F_LOCK) return take(command)();
  return TakeLock(fd, CSAN_CALLER_PC(), take(F_TLOCK), take(F_LOCK));
}
}
