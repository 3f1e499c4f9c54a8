// Asynchronous reading and writing. Each operation is an actor of its own (pthread/operation.h).
//
// Edges: submitting → the operation → whoever learns that it is over: by aio_error, aio_return, aio_suspend,
// aio_cancel, the return of lio_listio, or the notice. A write is a release of its descriptor's object, a
// read an acquire for whoever learns of its end. The clock of an operation is at its control block.
//
// The whole buffer is accessed, even if less is transferred: it belongs to the operation. The notice of
// SIGEV_THREAD is put into the program's control block, and taken out when the program learns of the end,
// or submits the block again: before that aio_sigevent names a function of ours. A list's notice learns
// from the writers of its first eight sources only.
#include <aio.h>
#include <errno.h>
#include <stddef.h>

#include "frontend/fd/table.h"
#include "frontend/libc/caller.h"
#include "frontend/pthread/notice.h"
#include "frontend/pthread/operation.h"
#include "frontend/real.h"
#include "sync/events.h"

CSAN_REAL(aio_read)
CSAN_REAL(aio_write)
CSAN_REAL(aio_fsync)
CSAN_REAL(aio_error)
CSAN_REAL(aio_return)
CSAN_REAL(aio_suspend)
CSAN_REAL(aio_cancel)
CSAN_REAL(lio_listio)

namespace {

using csan::Caller;
using csan::Notice;
using csan::u64;
using csan::uptr;

static_assert(sizeof(aiocb) == sizeof(aiocb64));
static_assert(offsetof(aiocb, aio_offset) == offsetof(aiocb64, aio_offset));

enum class Kind { kRead, kWrite, kSync };

constexpr unsigned kDescriptors = 64;
alignas(8) constinit u64 of_descriptor[kDescriptors] = {};  // for who cancels all of one

uptr DescriptorClock(int fd) {
  return reinterpret_cast<uptr>(&of_descriptor[static_cast<unsigned>(fd) % kDescriptors]);
}
uptr ClockOf(const aiocb* block) { return reinterpret_cast<uptr>(block); }
bool Reads(const aiocb* block) {
  constexpr int kWide = 128;  // set by the functions with 64 in their names
  return (block->aio_lio_opcode & ~kWide) == LIO_READ;
}

// `list` is the notice of the whole list.
void Begin(const Caller& caller, uptr pc, const char* name, aiocb* block, Kind kind,
           const sigevent* list_event, Notice* list) {
  csan::TakeNotice(&block->aio_sigevent);
  sigevent* const event = &block->aio_sigevent;
  Notice* own = nullptr;
  if (csan::CallsThread(event)) own = csan::NewNotice(*event, pc, 2);
  csan::AsOperation(name, pc, [&] {
    caller.Read(block, offsetof(aiocb, __next_prio));
    caller.Read(&block->aio_offset, sizeof(block->aio_offset));
    void* const buffer = const_cast<void*>(block->aio_buf);
    if (kind == Kind::kRead) caller.Write(buffer, block->aio_nbytes);
    if (kind == Kind::kWrite) {
      caller.Read(buffer, block->aio_nbytes);
      csan::ReleaseFd(block->aio_fildes);
    }
    csan::Release(ClockOf(block));
    csan::Release(DescriptorClock(block->aio_fildes));
    csan::ReleaseSignalOf(event);
    csan::ReleaseSignalOf(list_event);
    if (own != nullptr) csan::Release(own->clock);
    if (list != nullptr) csan::Release(list->clock);
  });
  if (kind == Kind::kRead && own != nullptr) csan::AddSource(own, block->aio_fildes);
  if (kind == Kind::kRead && list != nullptr) csan::AddSource(list, block->aio_fildes);
  if (own != nullptr) csan::PutNotice(event, own);
}

// The operation is over, or never began.
void End(const aiocb* block) {
  csan::Acquire(ClockOf(block));
  if (Reads(block)) csan::AcquireFd(block->aio_fildes);
  csan::TakeNotice(const_cast<sigevent*>(&block->aio_sigevent));
}
// Nobody will be noticed.
int Refused(aiocb* block, int result) {
  if (result == 0) return result;
  const int error = errno;
  const bool noticed = csan::CallsThread(&block->aio_sigevent);
  auto* notice = static_cast<Notice*>(block->aio_sigevent.sigev_value.sival_ptr);
  csan::Acquire(ClockOf(block));
  csan::TakeNotice(&block->aio_sigevent);
  if (noticed) csan::DropNotice(notice);
  errno = error;
  return result;
}
bool IsOver(const aiocb* block) { return real_aio_error()(block) != EINPROGRESS; }
void EndThoseOver(const aiocb* const* list, int count) {
  for (int i = 0; i < count; i++) {
    if (list[i] != nullptr && IsOver(list[i])) End(list[i]);
  }
}

template <typename Call>
int Submit(const Caller& caller, uptr pc, const char* name, aiocb* block, Kind kind, Call call) {
  if (!CSAN_LISTENING()) return call();
  Begin(caller, pc, name, block, kind, nullptr, nullptr);
  return Refused(block, call());
}

int Error(const aiocb* block) {
  const int error = real_aio_error()(block);
  if (error != EINPROGRESS && CSAN_LISTENING()) End(block);
  return error;
}
ssize_t Return(aiocb* block) {
  if (CSAN_LISTENING() && IsOver(block)) End(block);
  return real_aio_return()(block);
}
int Suspend(const aiocb* const* list, int count, const timespec* timeout) {
  csan::BeforeWait();
  const int result = real_aio_suspend()(list, count, timeout);
  if (result == 0 && CSAN_LISTENING()) EndThoseOver(list, count);
  return result;
}
int Cancel(int fd, aiocb* block) {
  const int result = real_aio_cancel()(fd, block);
  if ((result != AIO_CANCELED && result != AIO_ALLDONE) || !CSAN_LISTENING()) return result;
  block != nullptr ? End(block) : csan::Acquire(DescriptorClock(fd));
  return result;
}

int List(const Caller& caller, uptr pc, int mode, aiocb* const* list, int count, sigevent* event) {
  if (!CSAN_LISTENING()) return real_lio_listio()(mode, list, count, event);
  if (mode == LIO_WAIT) event = nullptr;
  Notice* notice = csan::CallsThread(event) ? csan::NewNotice(*event, pc, 1) : nullptr;
  if (notice != nullptr) csan::Release(notice->clock);
  for (int i = 0; i < count; i++) {
    if (list[i] == nullptr || list[i]->aio_lio_opcode == LIO_NOP) continue;
    const Kind kind = Reads(list[i]) ? Kind::kRead : Kind::kWrite;
    Begin(caller, pc, "lio_listio", list[i], kind, event, notice);
  }
  sigevent ours;
  if (notice != nullptr) ours = csan::Calling(*event, notice);
  csan::BeforeWait();
  const int result = real_lio_listio()(mode, list, count, notice != nullptr ? &ours : event);
  // What could not be submitted says so of itself.
  const int error = errno;
  if (mode == LIO_WAIT || result != 0) EndThoseOver(list, count);
  errno = error;
  return result;
}

}  // namespace

// Each has a twin for large files, which are those of every program.
#define CSAN_TWINS(type, name, wide_name, parameters, wide_parameters, body) \
  CSAN_INTERFACE type name parameters body CSAN_INTERFACE type wide_name wide_parameters body

#define CSAN_SUBMIT(name, wide_name, kind)                                                 \
  CSAN_TWINS(int, name, wide_name, (aiocb * block) noexcept, (aiocb64 * block) noexcept, { \
    auto* const one = reinterpret_cast<aiocb*>(block);                                     \
    return Submit(CSAN_CALLER(), CSAN_CALLER_PC(), #name, one, kind,                       \
                  [=] { return real_##name()(one); });                                     \
  })

extern "C" {

CSAN_SUBMIT(aio_read, aio_read64, Kind::kRead)
CSAN_SUBMIT(aio_write, aio_write64, Kind::kWrite)
CSAN_TWINS(int, aio_fsync, aio_fsync64, (int how, aiocb* block) noexcept,
           (int how, aiocb64* block) noexcept, {
             auto* const one = reinterpret_cast<aiocb*>(block);
             return Submit(CSAN_CALLER(), CSAN_CALLER_PC(), "aio_fsync", one, Kind::kSync,
                           [=] { return real_aio_fsync()(how, one); });
           })
CSAN_TWINS(int, aio_error, aio_error64, (const aiocb* block) noexcept,
           (const aiocb64* block) noexcept,
           { return Error(reinterpret_cast<const aiocb*>(block)); })
CSAN_TWINS(ssize_t, aio_return, aio_return64, (aiocb * block) noexcept, (aiocb64 * block) noexcept,
           { return Return(reinterpret_cast<aiocb*>(block)); })
CSAN_TWINS(int, aio_suspend, aio_suspend64,
           (const aiocb* const* list, int count, const timespec* timeout),
           (const aiocb64* const* list, int count, const timespec* timeout),
           { return Suspend(reinterpret_cast<const aiocb* const*>(list), count, timeout); })
CSAN_TWINS(int, aio_cancel, aio_cancel64, (int fd, aiocb* block) noexcept,
           (int fd, aiocb64* block) noexcept,
           { return Cancel(fd, reinterpret_cast<aiocb*>(block)); })
CSAN_TWINS(int, lio_listio, lio_listio64,
           (int mode, aiocb* const* list, int count, sigevent* event) noexcept,
           (int mode, aiocb64* const* list, int count, sigevent* event) noexcept, {
             auto* const* const blocks = reinterpret_cast<aiocb* const*>(list);
             return List(CSAN_CALLER(), CSAN_CALLER_PC(), mode, blocks, count, event);
           })
}
