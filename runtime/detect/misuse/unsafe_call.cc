#include "detect/misuse/unsafe_call.h"

#include <errno.h>

#include "base/format.h"
#include "config/flags.h"
#include "detect/evidence.h"
#include "report/finding.h"

namespace csan {

constinit bool handlers_installed = false;

namespace {

void Report(const char* name, const char* interrupted, uptr pc) {
  Actor* a = Self();
  RuntimeScope scope;
  Finding* f = BeginFinding();
  f->kind = FindingKind::kSignalUnsafeCall;
  Line<96> what;
  what.Str("calls ").Str(name).Str(" in a signal handler");
  AddStep(f, a->id, what.data(), 0, SiteAt(a, pc));
  Text why(f->why, sizeof(f->why));
  if (interrupted == nullptr) {
    why.Str(
        "it is not async-signal-safe: what it uses is half changed if the handler interrupts it.");
  } else {
    why.Str("the signal came while the thread was in ").Str(interrupted);
    why.Str(", and neither is async-signal-safe: what both use may be half changed.");
  }
  SubmitFinding(f);
}

void ReportErrno(int signal, int had, int has, uptr handler) {
  Actor* a = Self();
  RuntimeScope scope;
  Finding* f = BeginFinding();
  f->kind = FindingKind::kErrnoSpoiled;
  Line<96> what;
  what.Str("changed errno from ").Dec(static_cast<u64>(had)).Str(" to ");
  what.Dec(static_cast<u64>(has)).Str(" in the handler of signal ").Dec(static_cast<u64>(signal));
  // A place is that of a return address, behind what it names: the handler's first instruction.
  AddStep(f, a->id, what.data(), 0, SiteAt(a, handler + 1));
  Text(f->why, sizeof(f->why))
      .Str("who is interrupted between a call and its look at errno sees the handler's.");
  SubmitFinding(f);
}

}  // namespace

void UnsafeCall::Begin(const char* name, uptr pc, uptr frame) {
  outer_ = actor_->unsafe;
  const HandlerNote& handler = actor_->handler;
  actor_->unsafe = {name, frame};
  // A call that another one makes for itself has been told.
  if (CSAN_LIKELY(handler.frame == 0) || outer_.name != nullptr || frame > handler.frame) return;
  if (flags().strict_handlers || (handler.interrupted != nullptr && flags().report_signal_unsafe)) {
    Report(name, handler.interrupted, pc);
  }
}

const char* UnsafeAt(uptr sp) {
  const Actor* a = Self();
  return a != nullptr && a->unsafe.name != nullptr && sp < a->unsafe.frame ? a->unsafe.name
                                                                           : nullptr;
}

InHandler::InHandler(int signal, const char* unsafe, bool fault, uptr handler, uptr frame)
    : actor_(Self()), signal_(signal), errno_(errno), fault_(fault), handler_(handler) {
  if (actor_ == nullptr) return;
  unsafe_ = actor_->unsafe;
  outer_ = actor_->handler;
  actor_->unsafe = {};
  actor_->handler = {unsafe, fault ? 0 : frame};
}

InHandler::~InHandler() {
  if (actor_ == nullptr) return;
  actor_->unsafe = unsafe_;
  actor_->handler = outer_;
  const int now = errno;
  if (now != errno_ && !fault_ && flags().strict_handlers) {
    ReportErrno(signal_, errno_, now, handler_);
    errno = now;
  }
}

}  // namespace csan
