// The operating system in one place. Nothing above this folder makes a system call.
//
// All functions are async-signal-safe, use raw system calls and leave errno alone. Functions that
// die print one sentence and exit with kExitCannotStart.
#pragma once

#include "base/types.h"

namespace csan {

// The environment does not let the runtime work: not the program's fault, nor a finding.
constexpr int kExitCannotStart = 71;

// Zeroed, on demand, and left out of core dumps; where the program has nothing (address_map.h). When address
// space is not to be had it comes from the spare, and the program goes on; without one, or when that is used
// up too, it dies. `what` completes "no memory for …".
void* MapMemory(uptr size, const char* what);
// The same for the heap's regions, where the kernel gives the program its memory; there is no spare yet.
void* MapHeap(uptr size);
// Sets a range aside for MapMemory: limits that the program meets later (RLIMIT_AS, the number of mappings)
// then cost it nothing.
void ReserveSpare(uptr size);
u64 SpareBytesUsed();
[[noreturn]] void DieWithoutAddressSpace(const char* what);
// The same, null instead of dying.
void* TryMap(uptr size);
// As TryMap, at `addr`. A forked child finds the range empty (where the kernel is older than 4.14 it
// finds a copy).
bool TryMapFixed(uptr addr, uptr size);
// The same instead of what TryMapFixed has mapped there.
bool MapAnew(uptr addr, uptr size);
// The same, but each `period` bytes are views of one copy of `period` bytes that repeat `word`, of which a
// page becomes memory of its own when it is written to. Page aligned; if false the range may be so in part.
bool MapRepeated(uptr addr, uptr size, uptr period, u32 word);
void UnmapMemory(void* at, uptr size);
// For what the program may keep pointers in: blocks of its heap that have a mapping of their own.
void* TryMapForProgram(uptr size);
void UnmapForProgram(void* at, uptr size);
// What the pages at `from` hold is at `to` afterwards, and `from` reads as zero: untouched pages stay so.
// Both of TryMapForProgram, page aligned. False if nothing was moved (kernels before 5.7).
bool MovePages(uptr from, uptr to, uptr size);
struct AddressRange {
  uptr lo, hi;
};
// Everything else that is mapped by the functions above, in no order; to be read while nobody maps.
const AddressRange* OwnMemory(u32* count);
bool OwnMemoryIsComplete();
// Whether [addr, addr + size) belongs into core dumps. What is untouched is not worth its space there: a
// reservation of terabytes would become a file of that size.
void LeaveOutOfDumps(uptr addr, uptr size);
void PutIntoDumps(uptr addr, uptr size);
// Gives the pages of [addr, addr + size) back; they read as zero afterwards. Page aligned.
void ReleasePages(uptr addr, uptr size);
// Has [addr, addr + size), not touched yet, made of pages of this size where the kernel has some.
constexpr uptr kHugePage = 2 << 20;
void UseHugePages(uptr addr, uptr size);
// Keeps the kernel from making it of such pages by itself.
void UseSmallPages(uptr addr, uptr size);
// Makes pages present and writable, as writing to them would; merely sooner.
void PopulatePages(uptr addr, uptr size);

sptr WriteFd(int fd, const void* data, uptr size);
sptr ReadFd(int fd, void* data, uptr size);
sptr ReadFdAt(int fd, void* data, uptr size, uptr offset);
int OpenRead(const char* path);
int OpenWrite(const char* path);   // created or truncated
int OpenAppend(const char* path);  // created; each write goes to the end
uptr FileSize(int fd);             // 0 if it has none
// Reads memory that may be gone: false instead of a signal (and where the kernel does not let us).
bool TryRead(uptr from, void* to, uptr size);
void CloseFd(int fd);
bool IsTerminal(int fd);
// The file type bits of fstat, or 0.
u32 FileType(int fd);

u64 GetTid();
int GetPid();
[[noreturn]] void ExitNow(int code);
void Yield();
void SleepMs(u32 ms);
// Of the monotonic clock.
u32 NowMs();  // wraps
u64 NowUs();
u64 ThreadUs();  // that this thread has run
// Waits until *at is not `value`, at most `ms`. True if it is not.
bool WaitAt(const u32* at, u32 value, u32 ms);
void WakeAt(const u32* at);

// Prints "CSan: <sentence>\n" on stderr.
void Say(const char* sentence);
[[noreturn]] void Die(const char* sentence, int code = kExitCannotStart);

// The value of an environment variable as at program start, or null. Works before libc does.
const char* GetEnv(const char* name);
void SetStartEnvironment(char** argv, char** env);
uptr StartArguments();  // above all frames of the main thread; 0 if they were not told

struct Mapping {
  uptr lo, hi;
  uptr offset;
  bool readable, writable, executable, shared;
  char path[256];
};
// Calls visit(mapping, context) for each line of the list of mappings until it returns false.
void ForEachMapping(bool (*visit)(const Mapping&, void*), void* context);
// The mapping that holds an address; false if none does.
bool FindMapping(uptr addr, Mapping* found);

// Calls visit(number, context) for each entry of a folder whose name is a number, until it returns false.
// False if it cannot be read.
bool ForEachEntry(const char* folder, bool (*visit)(u64 number, void* context), void* context);

// The call in which a thread waits for the lock of a file.
struct FileLockWait {
  enum class Call : u8 { kNone, kFlock, kOfProcess, kOfOpenFile };
  Call call;
  bool shared;  // of flock
  int fd;
  uptr range;  // of the others: their struct flock
};

// A thread of this process as the kernel sees it.
struct Task {
  bool ended;   // the first thread of a process stays in the list
  bool asleep;  // neither runs nor could
  bool stuck;   // asleep at a futex or a file's lock, for no limited time, and not woken
  uptr futex;   // the word it waits at, or 0
  FileLockWait file;
  u64 switches;         // how often it has been taken off a processor: unchanged if it has not run
  u64 blocked_signals;  // bit n - 1: signal n
  u64 caught_signals;   // of the process
};
// Calls visit(tid, context) until it returns false. False if the kernel does not tell.
bool ForEachTask(bool (*visit)(u64 tid, void* context), void* context);
bool ReadTask(u64 tid, Task* task);

// Calls visit(fd, context) for the descriptors of this process whose open file has a lock that `wait` waits
// for, until it returns false.
void ForEachFileLockBefore(const FileLockWait& wait, bool (*visit)(int fd, void* context),
                           void* context);
// Whether another process that we may look into has the same open file, or the kernel does not tell.
bool OthersHaveOpenFile(int fd);

// A thread that has been stopped: where its stack ends, and what may be in its registers only.
struct StoppedThread {
  u64 tid;
  uptr sp;
  uptr registers[16];
  uptr vectors[344];  // those of AVX-512 and what the processor saves with them
};
// Words that the kernel keeps for the program: what epoll_ctl was given for the files of this process, and
// timer_create for the timers of `process`.
void ForEachKernelPointer(u64 process, void (*visit)(uptr word, void* context), void* context);

// Stops all threads of this process and calls look(threads, count, context) meanwhile, on a small stack, in a
// process of its own that shares our memory: it must not map, lock, or look at /proc/self for threads. The
// caller's own registers are on its stack. False, without a call or after half of one, if the kernel does not
// allow it (no ptrace).
bool WithThreadsStopped(void (*look)(const StoppedThread* threads, u32 count, void* context),
                        void* context);

// Starts argv[0] with pipes at its standard input and output. Its standard error is ours.
bool Spawn(const char* const* argv, int* to, int* from, int* pid);
void Reap(int pid);

// Blocks all signals of the calling thread, returns the former set.
u64 BlockSignals();
void RestoreSignals(u64 set);

// A timer that sends `signal` with `value` to the thread, or to the process if `thread` is 0.
bool MakeTimer(int signal, uptr value, u64 thread, int* timer);
bool ArmTimer(int timer, u32 us);
bool IsArmed(int timer);
void DeleteTimer(int timer);
// Puts `handler` in the place of the one that the kernel has, which goes to *had first. The signal may be
// one of the C library's own. False if there is no handler.
bool ReplaceHandler(int signal, void* handler, void** had);

// Asks for another start of this program: without address randomisation, or with a stack limit.
// Returns only if the kernel does not allow it.
void ReexecWithoutRandomisation();
void ReexecWithStackLimit(uptr bytes);
bool RandomisationIsOff();
uptr StackLimit();  // ~0 if unlimited

}  // namespace csan
