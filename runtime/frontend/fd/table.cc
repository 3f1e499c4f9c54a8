#include "frontend/fd/table.h"

#include <sys/stat.h>

#include "actor/scope.h"
#include "base/spin_lock.h"
#include "frontend/real.h"
#include "frontend/signal/handler.h"
#include "init/init.h"
#include "platform/platform.h"
#include "sync/events.h"

namespace csan {
namespace {

struct Object {
  u64 clock;  // its address is what counts
  u32 numbers;
  u32 source;  // the object that it was fed from last; 0 if none
  bool watched;
};

constexpr u32 kNumbers = 1 << 20;  // higher ones are one object each time they are asked for
constexpr u32 kObjects = 1 << 20;

enum Shared : u32 { kUnknown, kFiles, kSockets, kNamedPipes, kOthers, kSignalFds, kFirstOwn };

struct Table {
  u32 object_of[kNumbers];
  u32 next_free[kObjects];
  Object objects[kObjects];
};
constinit Table* table = nullptr;
constinit u32 used = kFirstOwn;
constinit u32 free_head = 0;
constinit u64 all_watched = 0;
constinit SpinLock lock;

Table* GetTable() {
  Table* t = __atomic_load_n(&table, __ATOMIC_ACQUIRE);
  if (CSAN_LIKELY(t != nullptr)) return t;
  SpinGuard guard(lock);
  if (table == nullptr) {
    t = static_cast<Table*>(MapMemory(sizeof(Table), "file descriptors"));
    __atomic_store_n(&table, t, __ATOMIC_RELEASE);
  }
  return table;
}

uptr ClockOf(Object& o) { return reinterpret_cast<uptr>(&o.clock); }

u32 KindOf(int fd) {
  switch (FileType(fd)) {
    case S_IFREG:
    case S_IFDIR:
      return kFiles;
    case S_IFSOCK:
      return kSockets;
    case S_IFIFO:
      return kNamedPipes;
    default:
      return kOthers;
  }
}

bool Listens(int fd) { return fd >= 0 && fd < static_cast<int>(kNumbers) && CSAN_LISTENING(); }

// A vfork child changes numbers of its own, but our memory.
bool Changes(int fd) { return Listens(fd) && IsThisProcess(); }

// 0 when all are in use: the object is then one of the others.
u32 Allocate(Table* t) {
  SpinGuard guard(lock);
  u32 index = free_head;
  if (index != 0) {
    free_head = t->next_free[index];
  } else if (used < kObjects) {
    index = used++;
  } else {
    return kOthers;
  }
  t->objects[index].numbers = 0;
  t->objects[index].source = 0;
  t->objects[index].watched = false;
  return index;
}

void Name(Table* t, int fd, u32 index) {
  if (index >= kFirstOwn) __atomic_fetch_add(&t->objects[index].numbers, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&t->object_of[fd], index, __ATOMIC_RELEASE);
}

// A number that was closed behind our back.
void Unname(Table* t, int fd) {
  const u32 index = __atomic_exchange_n(&t->object_of[fd], u32{kUnknown}, __ATOMIC_ACQ_REL);
  if (index < kFirstOwn) return;
  Object& o = t->objects[index];
  if (__atomic_sub_fetch(&o.numbers, 1, __ATOMIC_ACQ_REL) != 0) return;
  OnSyncObjectReset(ClockOf(o), sizeof(o.clock));
  SpinGuard guard(lock);
  t->next_free[index] = free_head;
  free_head = index;
}

u32 IndexOf(Table* t, int fd) {
  u32 index = __atomic_load_n(&t->object_of[fd], __ATOMIC_ACQUIRE);
  if (CSAN_UNLIKELY(index == kUnknown)) {
    index = KindOf(fd);
    Name(t, fd, index);
  }
  return index;
}

Object& ObjectOf(int fd) {
  Table* t = GetTable();
  return t->objects[IndexOf(t, fd)];
}

void OpenAs(int fd, u32 index) {
  if (!Changes(fd)) return;
  Table* t = GetTable();
  Unname(t, fd);
  Name(t, fd, index);
}

}  // namespace

void OpenNew(int fd) {
  if (!Changes(fd)) return;
  Table* t = GetTable();
  Unname(t, fd);
  Name(t, fd, Allocate(t));
}

void OpenPair(int first, int second) {
  if (!Changes(first) || !Listens(second)) return;
  OpenNew(first);
  OpenSame(second, first);
}

void OpenSame(int fd, int as) {
  if (!Changes(fd) || !Listens(as) || fd == as) return;
  Table* t = GetTable();
  ObjectOf(as);
  Unname(t, fd);
  Name(t, fd, __atomic_load_n(&t->object_of[as], __ATOMIC_ACQUIRE));
}

void OpenUnknown(int fd) {
  if (Changes(fd)) Unname(GetTable(), fd);
}

void OpenSignals(int fd) { OpenAs(fd, kSignalFds); }
void OpenFileNotices(int fd) { OpenAs(fd, kFiles); }

void CloseNumber(int fd) {
  if (!Changes(fd)) return;
  ReleaseFd(fd);
  Unname(GetTable(), fd);
}

void ReleaseFd(int fd) {
  if (!Listens(fd)) return;
  Object& o = ObjectOf(fd);
  Release(ClockOf(o));
  if (__atomic_load_n(&o.watched, __ATOMIC_RELAXED)) {
    Release(reinterpret_cast<uptr>(&all_watched));
  }
}

void AcquireFd(int fd) {
  if (!Listens(fd)) return;
  Table* t = GetTable();
  u32 index = IndexOf(t, fd);
  if (CSAN_UNLIKELY(index == kSignalFds)) {
    for (int signal = 1; signal < kSignals; signal++) Acquire(SignalClock(signal));
    Acquire(TimerClock());
  }
  // Rings are possible.
  constexpr u32 kLongest = 4;
  for (u32 i = 0; i < kLongest && index != 0; i++) {
    Acquire(ClockOf(t->objects[index]));
    index = __atomic_load_n(&t->objects[index].source, __ATOMIC_RELAXED);
  }
}

void BeforeFeed(int to, int from) {
  if (!Listens(to) || !Listens(from)) return;
  Table* t = GetTable();
  const u32 source = IndexOf(t, from);
  Object& target = ObjectOf(to);
  if (&target != &t->objects[source]) __atomic_store_n(&target.source, source, __ATOMIC_RELAXED);
  AfterFeed(to, from);
}

void AfterFeed(int to, int from) {
  AcquireFd(from);
  ReleaseFd(to);
}

bool CarriesMessages(int fd) {
  if (!Listens(fd)) return false;
  const u32 index = IndexOf(GetTable(), fd);
  return index == kSockets || index == kNamedPipes || index >= kFirstOwn;
}

void CloseRange(unsigned first, unsigned last) {
  if (!Changes(0)) return;
  Table* t = GetTable();
  for (unsigned fd = first; fd <= last && fd < kNumbers; fd++) {
    if (__atomic_load_n(&t->object_of[fd], __ATOMIC_RELAXED) != kUnknown) {
      CloseNumber(static_cast<int>(fd));
    }
  }
}

void WatchFd(int fd, int epoll) {
  if (!Listens(fd) || !Listens(epoll)) return;
  __atomic_store_n(&ObjectOf(fd).watched, true, __ATOMIC_RELAXED);
  Release(ClockOf(ObjectOf(epoll)));
}

void AcquireWatched(int epoll) {
  if (!Listens(epoll)) return;
  AcquireFd(epoll);
  Acquire(reinterpret_cast<uptr>(&all_watched));
}

}  // namespace csan
