// What a file descriptor stands for, as far as order goes.
//
// Edge: a write, send or close → whatever reads from the same object afterwards. Both ends of a pipe or
// socket pair are one object, so are an eventfd or epoll instance and all duplicates of a number.
// Other sockets, files, named pipes and devices are one object for each of these kinds, because which
// of them are connected is the kernel's secret. So this cannot accuse a program whose order goes through
// the kernel; it can miss a race between threads that the same object orders by accident.
//
// What splice and its kin move from one object to another goes unseen between the two, so the target learns
// from the writers of the object that fed it last. A signalfd learns from those who cause signals, an
// inotify instance from those who write files.
//
// A number means a new object once close, dup2 or fclose has given it up. Writing to something that an
// epoll instance watches is also a release for everybody who waits for one.
//
// Cost: two loads and a release or acquire for a call; one fstat for a number that we have not seen
// open. Objects live in a pool and come back when their last number is closed.
#pragma once

#include "base/types.h"

namespace csan {

// After the kernel has handed out `fd`, for a new object or for one of those that are one of a kind.
void OpenNew(int fd);
void OpenPair(int first, int second);
void OpenSame(int fd, int as);  // duplicates
void OpenUnknown(int fd);
void OpenSignals(int fd);      // a signalfd
void OpenFileNotices(int fd);  // of inotify
// Before the kernel takes it back.
void CloseNumber(int fd);
void CloseRange(unsigned first, unsigned last);

// Before a call that passes something on, and after one that has got something.
void ReleaseFd(int fd);
void AcquireFd(int fd);

// Around a call that moves something from one object to another.
void BeforeFeed(int to, int from);
void AfterFeed(int to, int from);

// Whether what is written to the number comes out of another one: a pipe or socket, not a file or terminal.
bool CarriesMessages(int fd);

// An epoll instance watches `fd` from now on.
void WatchFd(int fd, int epoll);
void AcquireWatched(int epoll);

}  // namespace csan
