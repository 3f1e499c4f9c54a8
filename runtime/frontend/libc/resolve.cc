// Names looked up while the program goes on: each request is an actor of its own (pthread/operation.h).
//
// Edges: asking → the look-up → whoever learns that it is over: by gai_error, gai_suspend, gai_cancel, the
// return of getaddrinfo_a, or its notice. The clock of a request is at its control block.
#include <netdb.h>
#include <stddef.h>

#include "frontend/libc/text.h"
#include "frontend/pthread/notice.h"
#include "frontend/pthread/operation.h"
#include "frontend/real.h"
#include "sync/events.h"

CSAN_REAL(getaddrinfo_a)
CSAN_REAL(gai_suspend)
CSAN_REAL(gai_error)
CSAN_REAL(gai_cancel)

namespace {

using csan::Caller;
using csan::Notice;
using csan::uptr;

uptr ClockOf(const gaicb* request) { return reinterpret_cast<uptr>(request); }

void Access(const Caller& caller, gaicb* request) {
  caller.Read(request, offsetof(gaicb, ar_result));
  if (request->ar_name != nullptr) csan::ReadString(caller, request->ar_name);
  if (request->ar_service != nullptr) csan::ReadString(caller, request->ar_service);
  if (request->ar_request != nullptr) caller.Read(request->ar_request, sizeof(addrinfo));
  caller.Write(&request->ar_result, sizeof(void*));
}

void End(const gaicb* request) { csan::Acquire(ClockOf(request)); }
void EndThoseOver(const gaicb* const* list, int count) {
  for (int i = 0; i < count; i++) {
    if (list[i] == nullptr) continue;
    if (real_gai_error()(const_cast<gaicb*>(list[i])) != EAI_INPROGRESS) End(list[i]);
  }
}

void Begin(const Caller& caller, uptr pc, gaicb* request, const sigevent* event, Notice* notice) {
  csan::AsOperation("getaddrinfo_a", pc, [&] {
    Access(caller, request);
    csan::Release(ClockOf(request));
    if (notice != nullptr) csan::Release(notice->clock);
    csan::ReleaseSignalOf(event);
  });
}

}  // namespace

extern "C" {

CSAN_INTERFACE int getaddrinfo_a(int mode, gaicb** list, int count, sigevent* event) {
  if (!CSAN_LISTENING()) return real_getaddrinfo_a()(mode, list, count, event);
  if (mode == GAI_WAIT) event = nullptr;
  const uptr pc = CSAN_CALLER_PC();
  Notice* notice = csan::CallsThread(event) ? csan::NewNotice(*event, pc, 1) : nullptr;
  if (notice != nullptr) csan::Release(notice->clock);
  for (int i = 0; i < count; i++) {
    if (list[i] != nullptr) Begin(CSAN_CALLER(), pc, list[i], event, notice);
  }
  sigevent ours;
  if (notice != nullptr) ours = csan::Calling(*event, notice);
  csan::BeforeWait();
  const int result = real_getaddrinfo_a()(mode, list, count, notice != nullptr ? &ours : event);
  if (mode == GAI_WAIT || result != 0) EndThoseOver(list, count);
  return result;
}
CSAN_INTERFACE int gai_suspend(const gaicb* const* list, int count, const timespec* timeout) {
  csan::BeforeWait();
  const int result = real_gai_suspend()(list, count, timeout);
  if ((result == 0 || result == EAI_ALLDONE) && CSAN_LISTENING()) EndThoseOver(list, count);
  return result;
}
CSAN_INTERFACE int gai_error(gaicb* request) noexcept {
  const int error = real_gai_error()(request);
  if (error != EAI_INPROGRESS && CSAN_LISTENING()) End(request);
  return error;
}
CSAN_INTERFACE int gai_cancel(gaicb* request) noexcept {
  const int result = real_gai_cancel()(request);
  if ((result == EAI_CANCELED || result == EAI_ALLDONE) && CSAN_LISTENING()) End(request);
  return result;
}
}
