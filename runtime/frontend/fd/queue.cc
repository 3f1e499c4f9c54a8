// Message queues and semaphores of POSIX and System V: who sends is ordered before who receives, who raises
// a semaphore before who lowers it.
//
// A POSIX queue is a descriptor, and the kernel calls it a file, so it counts as one (table.h). System V's
// are known by number: those that agree in the last ten bits count as one, which can only miss.
#include <mqueue.h>
#include <stdarg.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

#include "frontend/fd/table.h"
#include "frontend/libc/caller.h"
#include "frontend/real.h"
#include "frontend/signal/handler.h"
#include "sync/events.h"

CSAN_REAL(mq_send)
CSAN_REAL(mq_timedsend)
CSAN_REAL(mq_receive)
CSAN_REAL(mq_timedreceive)
CSAN_REAL(mq_close)
CSAN_REAL(msgsnd)
CSAN_REAL(msgrcv)
CSAN_REAL(semop)
CSAN_REAL(semtimedop)
CSAN_REAL(semctl)

namespace {

using csan::Caller;
using csan::u64;
using csan::uptr;

constexpr u64 kClocks = 1024;
alignas(8) constinit u64 queue_clocks[kClocks] = {};  // their addresses are what counts
alignas(8) constinit u64 raised_clocks[kClocks] = {};
alignas(8) constinit u64 lowered_clocks[kClocks] = {};

uptr ClockIn(u64* clocks, int id) {
  return reinterpret_cast<uptr>(&clocks[static_cast<unsigned>(id) % kClocks]);
}

void BeforeSend(const Caller& caller, mqd_t queue, const char* message, size_t size) {
  caller.Read(message, size);
  csan::ReleaseFd(queue);
  if (CSAN_LISTENING()) csan::Release(csan::TimerClock());  // for a notice
  csan::BeforeWait();
}

ssize_t AfterReceive(const Caller& caller, ssize_t got, mqd_t queue, char* to) {
  if (got < 0) return got;
  csan::AcquireFd(queue);
  caller.Write(to, static_cast<uptr>(got));
  return got;
}

// Who waits for zero is ordered after who lowered; who lowers after who raised.
template <typename Call>
int Operate(int id, const sembuf* operations, size_t count, Call call) {
  if (!CSAN_LISTENING()) return call();
  bool raises = false;
  bool lowers = false;
  bool awaits_zero = false;
  for (size_t i = 0; i < count; i++) {
    raises |= operations[i].sem_op > 0;
    lowers |= operations[i].sem_op < 0;
    awaits_zero |= operations[i].sem_op == 0;
  }
  if (raises) csan::Release(ClockIn(raised_clocks, id));
  if (lowers) csan::Release(ClockIn(lowered_clocks, id));
  csan::BeforeWait();
  const int result = call();
  if (result != 0) return result;
  if (lowers) csan::Acquire(ClockIn(raised_clocks, id));
  if (awaits_zero) csan::Acquire(ClockIn(lowered_clocks, id));
  return result;
}

}  // namespace

extern "C" {

CSAN_INTERFACE int mq_send(mqd_t queue, const char* message, size_t size, unsigned priority) {
  BeforeSend(CSAN_CALLER(), queue, message, size);
  return real_mq_send()(queue, message, size, priority);
}
CSAN_INTERFACE int mq_timedsend(mqd_t queue, const char* message, size_t size, unsigned priority,
                                const timespec* until) {
  BeforeSend(CSAN_CALLER(), queue, message, size);
  return real_mq_timedsend()(queue, message, size, priority, until);
}
CSAN_INTERFACE ssize_t mq_receive(mqd_t queue, char* to, size_t size, unsigned* priority) {
  csan::BeforeWait();
  return AfterReceive(CSAN_CALLER(), real_mq_receive()(queue, to, size, priority), queue, to);
}
CSAN_INTERFACE ssize_t mq_timedreceive(mqd_t queue, char* to, size_t size, unsigned* priority,
                                       const timespec* until) {
  csan::BeforeWait();
  const ssize_t got = real_mq_timedreceive()(queue, to, size, priority, until);
  return AfterReceive(CSAN_CALLER(), got, queue, to);
}
CSAN_INTERFACE int mq_close(mqd_t queue) noexcept {
  csan::CloseNumber(queue);
  return real_mq_close()(queue);
}

CSAN_INTERFACE int msgsnd(int queue, const void* message, size_t size, int flags) {
  CSAN_CALLER().Read(message, sizeof(long) + size);
  if (CSAN_LISTENING()) csan::Release(ClockIn(queue_clocks, queue));
  csan::BeforeWait();
  return real_msgsnd()(queue, message, size, flags);
}
CSAN_INTERFACE ssize_t msgrcv(int queue, void* to, size_t size, long kind, int flags) {
  csan::BeforeWait();
  const ssize_t got = real_msgrcv()(queue, to, size, kind, flags);
  if (got < 0 || !CSAN_LISTENING()) return got;
  csan::Acquire(ClockIn(queue_clocks, queue));
  CSAN_CALLER().Write(to, sizeof(long) + static_cast<uptr>(got));
  return got;
}

CSAN_INTERFACE int semop(int id, sembuf* operations, size_t count) noexcept {
  return Operate(id, operations, count, [=] { return real_semop()(id, operations, count); });
}
CSAN_INTERFACE int semtimedop(int id, sembuf* operations, size_t count,
                              const timespec* timeout) noexcept {
  return Operate(id, operations, count,
                 [=] { return real_semtimedop()(id, operations, count, timeout); });
}
// Setting a value may wake either kind of waiter; asking for one may see what others did.
CSAN_INTERFACE int semctl(int id, int number, int command, ...) noexcept {
  va_list list;
  va_start(list, command);
  void* argument = va_arg(list, void*);
  va_end(list);
  if ((command == SETVAL || command == SETALL) && CSAN_LISTENING()) {
    csan::Release(ClockIn(raised_clocks, id));
    csan::Release(ClockIn(lowered_clocks, id));
  }
  const int result = real_semctl()(id, number, command, argument);
  if ((command == GETVAL || command == GETALL) && result >= 0 && CSAN_LISTENING()) {
    csan::Acquire(ClockIn(raised_clocks, id));
    csan::Acquire(ClockIn(lowered_clocks, id));
  }
  return result;
}
}
