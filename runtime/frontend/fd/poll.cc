// Waiting for descriptors: a number that is ready was made so by a write, which is ordered before. Of
// an epoll instance we are told what the program calls its numbers, not the numbers, so it learns
// from every write to anything that some instance watches (table.h).
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "frontend/fd/table.h"
#include "frontend/libc/caller.h"
#include "frontend/real.h"
#include "sync/events.h"

// What _FORTIFY_SOURCE makes of calls whose array's size is known.
extern "C" {
int __poll_chk(pollfd* fds, nfds_t count, int timeout, size_t room);
int __ppoll_chk(pollfd* fds, nfds_t count, const timespec* timeout, const sigset_t* mask,
                size_t room);
}

CSAN_REAL(__poll_chk)
CSAN_REAL(__ppoll_chk)
CSAN_REAL(epoll_pwait2)
CSAN_REAL(epoll_create)
CSAN_REAL(epoll_create1)
CSAN_REAL(epoll_ctl)
CSAN_REAL(epoll_wait)
CSAN_REAL(epoll_pwait)
CSAN_REAL(poll)
CSAN_REAL(ppoll)
CSAN_REAL(select)
CSAN_REAL(pselect)

namespace {

using csan::Caller;

int New(int fd) {
  if (fd >= 0) csan::OpenNew(fd);
  return fd;
}

int Watched(const Caller& caller, int count, int epoll, const epoll_event* events) {
  if (count <= 0) return count;
  csan::AcquireWatched(epoll);
  caller.Write(events, sizeof(*events) * static_cast<csan::uptr>(count));
  return count;
}

// The numbers and wishes are read, and what is ready of each is written.
int Polled(const Caller& caller, int ready, const pollfd* fds, nfds_t count) {
  for (nfds_t i = 0; caller && ready >= 0 && i < count; i++) {
    caller.Read(&fds[i], offsetof(pollfd, revents));
    caller.Write(&fds[i].revents, sizeof(fds[i].revents));
  }
  if (ready <= 0) return ready;
  for (nfds_t i = 0; i < count; i++) {
    if (fds[i].revents != 0) csan::AcquireFd(fds[i].fd);
  }
  return ready;
}

int Selected(const Caller& caller, int ready, int count, const fd_set* a, const fd_set* b,
             const fd_set* c) {
  const fd_set* const sets[] = {a, b, c};
  if (ready >= 0 && count > 0) {
    const auto bytes = (static_cast<csan::uptr>(count) + 63) / 64 * 8;
    for (const fd_set* set : sets) {
      if (set != nullptr) caller.Write(set, bytes);
    }
  }
  if (ready <= 0) return ready;
  for (int fd = 0; fd < count; fd++) {
    for (const fd_set* set : sets) {
      if (set != nullptr && FD_ISSET(fd, set)) csan::AcquireFd(fd);
    }
  }
  return ready;
}

}  // namespace

extern "C" {

CSAN_INTERFACE int epoll_create(int size) noexcept { return New(real_epoll_create()(size)); }
CSAN_INTERFACE int epoll_create1(int flags) noexcept { return New(real_epoll_create1()(flags)); }
CSAN_INTERFACE int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) noexcept {
  if (operation != EPOLL_CTL_DEL) {
    if (event != nullptr) CSAN_CALLER().Read(event, sizeof(*event));
    csan::WatchFd(fd, epoll);
  }
  return real_epoll_ctl()(epoll, operation, fd, event);
}
CSAN_INTERFACE int epoll_wait(int epoll, epoll_event* events, int count, int timeout) {
  csan::BeforeWait();
  return Watched(CSAN_CALLER(), real_epoll_wait()(epoll, events, count, timeout), epoll, events);
}
CSAN_INTERFACE int epoll_pwait(int epoll, epoll_event* events, int count, int timeout,
                               const sigset_t* mask) {
  csan::BeforeWait();
  return Watched(CSAN_CALLER(), real_epoll_pwait()(epoll, events, count, timeout, mask), epoll,
                 events);
}
CSAN_INTERFACE int epoll_pwait2(int epoll, epoll_event* events, int count, const timespec* timeout,
                                const sigset_t* mask) {
  csan::BeforeWait();
  return Watched(CSAN_CALLER(), real_epoll_pwait2()(epoll, events, count, timeout, mask), epoll,
                 events);
}

CSAN_INTERFACE int __poll_chk(pollfd* fds, nfds_t count, int timeout, size_t room) {
  csan::BeforeWait();
  return Polled(CSAN_CALLER(), real___poll_chk()(fds, count, timeout, room), fds, count);
}
CSAN_INTERFACE int __ppoll_chk(pollfd* fds, nfds_t count, const timespec* timeout,
                               const sigset_t* mask, size_t room) {
  csan::BeforeWait();
  return Polled(CSAN_CALLER(), real___ppoll_chk()(fds, count, timeout, mask, room), fds, count);
}
CSAN_INTERFACE int poll(pollfd* fds, nfds_t count, int timeout) {
  csan::BeforeWait();
  return Polled(CSAN_CALLER(), real_poll()(fds, count, timeout), fds, count);
}
CSAN_INTERFACE int ppoll(pollfd* fds, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  csan::BeforeWait();
  return Polled(CSAN_CALLER(), real_ppoll()(fds, count, timeout, mask), fds, count);
}

CSAN_INTERFACE int select(int count, fd_set* in, fd_set* out, fd_set* other, timeval* timeout) {
  csan::BeforeWait();
  return Selected(CSAN_CALLER(), real_select()(count, in, out, other, timeout), count, in, out,
                  other);
}
CSAN_INTERFACE int pselect(int count, fd_set* in, fd_set* out, fd_set* other,
                           const timespec* timeout, const sigset_t* mask) {
  csan::BeforeWait();
  return Selected(CSAN_CALLER(), real_pselect()(count, in, out, other, timeout, mask), count, in,
                  out, other);
}
}
