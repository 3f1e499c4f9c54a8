// Functions that fill or read what their caller gives, made from a table (calls.def).
//
// The accesses are told after the call, by what came of it: what a call certainly touched, never what it
// might have. They are those of the caller, so two calls that race on a result buffer are found, static
// ones of the C library (localtime, getpwnam) included: POSIX lets nobody call those at the same time.
// The environment counts as one variable. Missed: what is read of memory that a pointer in a structure
// names. Cost: a call and a search among the modules (modules.h).
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <grp.h>
#include <inttypes.h>
#include <net/ethernet.h>
#include <netdb.h>
#include <pwd.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "frontend/libc/names.h"
#include "frontend/libc/text.h"
#include "frontend/real.h"
#include "sync/events.h"

namespace {

using csan::Caller;
using csan::uptr;

constinit csan::u64 strtok_state = 0;  // stands for the C library's

constexpr uptr kSetSize = 8;

uptr Distance(const char* from, const char* to) { return static_cast<uptr>(to - from); }

// What calls have accessed, for a caller at `pc`.
CSAN_NOINLINE void Fills(uptr pc, void* to, uptr size) {
  if (pc != 0 && to != nullptr) csan::OnAccess(reinterpret_cast<uptr>(to), size, true, pc);
}
CSAN_NOINLINE void Takes(uptr pc, const void* from, uptr size) {
  if (pc != 0 && from != nullptr) csan::OnAccess(reinterpret_cast<uptr>(from), size, false, pc);
}
CSAN_NOINLINE void TakesText(uptr pc, const char* s) {
  if (pc != 0 && s != nullptr) Takes(pc, s, csan::StringLength(s) + 1);
}
CSAN_NOINLINE void FillsText(uptr pc, const char* to) {
  if (pc != 0 && to != nullptr) Fills(pc, const_cast<char*>(to), csan::StringLength(to) + 1);
}
CSAN_NOINLINE void FillsUser(uptr pc, passwd* to) {
  if (pc == 0 || to == nullptr) return;
  Fills(pc, to, sizeof(*to));
  FillsText(pc, to->pw_name);
  FillsText(pc, to->pw_dir);
}
CSAN_NOINLINE void FillsGroup(uptr pc, group* to) {
  if (pc == 0 || to == nullptr) return;
  Fills(pc, to, sizeof(*to));
  FillsText(pc, to->gr_name);
}

// The same as the table's lines say it. Null pointers stand for nothing.
class Reach {
 public:
  explicit Reach(uptr pc) : pc_(pc) {}
  explicit operator bool() const { return pc_ != 0; }

  Reach If(bool counts) const { return Reach(counts ? pc_ : 0); }
  Reach Text(const char* s) const { return TakesText(pc_, s), *this; }
  Reach Bytes(const void* from, uptr size) const { return Takes(pc_, from, size), *this; }
  template <typename T>
  Reach In(const T* from, uptr count = 1) const {
    return Bytes(from, sizeof(T) * count);
  }
  // Of so many bytes, if that is a number of them.
  Reach Filled(void* to, ssize_t size) const {
    if (size > 0) Fills(pc_, to, static_cast<uptr>(size));
    return *this;
  }
  template <typename T, typename Count = uptr>
  Reach Out(T* to, Count count = 1) const {
    return Fills(pc_, to, sizeof(T) * static_cast<uptr>(count)), *this;
  }
  Reach OutText(const char* to) const { return FillsText(pc_, to), *this; }
  // Room and then length, told by a number that the call has changed to what it filled.
  Reach Sized(void* to, const socklen_t* size) const {
    return *this && size != nullptr ? Filled(to, *size) : *this;
  }
  Reach OutEnd(char* to, uptr size) const {
    if (*this) Fills(pc_, to + csan::StringLength(to) - size, size);
    return *this;
  }
  // With what ends it.
  Reach Number(const char* from, char** end) const {
    if (!*this || end == nullptr) return *this;
    return Out(end).Bytes(from, Distance(from, *end) + 1);
  }
  Reach Word(const char* from) const {
    uptr n = 0;
    if (*this) {
      while (from[n] > ' ') n++;
    }
    return Bytes(from, n + 1);
  }
  // What the C library uses of a set of signals.
  Reach InSet(const sigset_t* set) const { return Bytes(set, kSetSize); }
  Reach OutSet(sigset_t* set) const { return Filled(set, kSetSize); }

  Reach Entry(dirent* to) const {
    return *this && to != nullptr ? Filled(to, to->d_reclen) : *this;
  }
  Reach User(passwd* to) const { return FillsUser(pc_, to), *this; }
  Reach Group(group* to) const { return FillsGroup(pc_, to), *this; }

 private:
  uptr pc_;  // 0: tells nothing
};

CSAN_NOINLINE uptr Counting(uptr pc) { return Caller(pc) ? pc : 0; }

CSAN_NOINLINE void* Find(void** pointer, const char* name) {
  void* const found = csan::RealSymbol(name, nullptr);
  __atomic_store_n(pointer, found, __ATOMIC_RELAXED);
  return found;
}

template <typename Result>
bool Faulted(Result result) {
  if constexpr (__is_pointer(Result)) {
    return result == nullptr && errno == EFAULT;
  } else {
    return result == Result(-1) && errno == EFAULT;
  }
}

// What a look at a name has told, if anything.
void Looked(const char* path, bool there) {
  if (there || errno == ENOENT) csan::SawName(path, there);
}
void Looked(const char* path, int result) { Looked(path, result == 0); }
void Looked(const char* path, const void* result) { Looked(path, result != nullptr); }

}  // namespace

// By other names within, because headers declare the functions in ways of their own.
#define CSAN_MAKE_CALL(before, after, type, name, parameters, arguments, accesses)     \
  extern "C" CSAN_INTERFACE CSAN_WEAK type csan_call_##name parameters __asm__(#name); \
  extern "C" type csan_call_##name parameters {                                        \
    using Real = type parameters;                                                      \
    static constinit void* pointer = nullptr;                                          \
    void* real = __atomic_load_n(&pointer, __ATOMIC_RELAXED);                          \
    if (CSAN_UNLIKELY(real == nullptr)) real = Find(&pointer, #name);                  \
    before;                                                                            \
    const auto result = reinterpret_cast<Real*>(real) arguments;                       \
    const Reach c(Counting(CSAN_CALLER_PC()));                                         \
    if (c && !Faulted(result)) accesses;                                               \
    after;                                                                             \
    return result;                                                                     \
  }
#define CSAN_CALL(type, name, parameters, arguments, header, accesses) \
  CSAN_MAKE_CALL(, , type, name, parameters, arguments, accesses)
#define CSAN_WAIT_CALL(type, name, parameters, arguments, header, accesses) \
  CSAN_MAKE_CALL(csan::BeforeWait(), , type, name, parameters, arguments, accesses)
#define CSAN_NAME_CALL(type, name, parameters, arguments, header, accesses) \
  CSAN_MAKE_CALL(csan::ChangesNames(), , type, name, parameters, arguments, accesses)
#define CSAN_LOOK_CALL(type, name, parameters, arguments, header, accesses) \
  CSAN_MAKE_CALL(, Looked(path, result), type, name, parameters, arguments, accesses)
#define CSAN_OPEN_CALL(type, name, parameters, arguments, header, accesses)                \
  CSAN_MAKE_CALL(if (*mode != 'r') csan::ChangesNames(), Looked(path, result), type, name, \
                 parameters, arguments, accesses)

#include "frontend/libc/calls.def"
