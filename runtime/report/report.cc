// From finding to output: one at a time, equal ones once, suppressed ones not at all.
#include <csan/report.h>
#include <errno.h>

#include "actor/actor.h"
#include "base/format.h"
#include "base/spin_lock.h"
#include "base/string.h"
#include "config/flags.h"
#include "config/suppressions.h"
#include "platform/platform.h"
#include "report/finding.h"
#include "report/rendered.h"

// The program may define these.
#pragma weak __tsan_on_report
#pragma weak __csan_on_report

namespace csan {
namespace {

constexpr uptr kOutput = 1 << 20;
constexpr u32 kSeenMax = 1 << 14;

struct Seen {
  FindingKind kind;
  uptr now, before;
};

constinit SpinLock report_lock;
constinit Finding the_finding = {};
constinit Rendered* rendered = nullptr;
constinit char* output = nullptr;
constinit Seen* seen = nullptr;
constinit u32 seen_count = 0;
constinit u32 reported = 0;
constinit u32 noted_races = 0;
constinit u32 noted_inversions = 0;
constinit u32 noted_losses = 0;
constinit u32 measured = 0;  // notes that nobody need look into
constinit u64 suppressed = 0;
constinit u64 repeated = 0;
constinit int log_fd = 2;
constinit bool log_open = false;

// Whether a finding of this kind and these places was there before; remembers it.
bool Remembered(FindingKind kind, uptr a, uptr b) {
  if (seen == nullptr) seen = static_cast<Seen*>(MapMemory(sizeof(Seen) * kSeenMax, "reports"));
  for (u32 i = 0; i < seen_count; i++) {
    if (seen[i].kind == kind && seen[i].now == a && seen[i].before == b) return true;
  }
  if (seen_count < kSeenMax) seen[seen_count++] = {kind, a, b};
  return false;
}

// The same steps in any order.
bool SeenSteps(const Finding& f) {
  uptr sum = 0;
  for (u32 i = 0; i < f.steps; i++) {
    uptr h = 1;
    for (u32 k = 0; k < f.step[i].stack.n; k++)
      h = (h ^ f.step[i].stack.pc[k]) * 0x9E3779B97F4A7C15ull;
    sum += h;
  }
  return Remembered(f.kind, sum, 0);
}

bool SeenBefore(const Finding& f) {
  if (f.steps != 0) return SeenSteps(f);
  uptr a = f.now.stack.n != 0 ? f.now.stack.pc[0] : 0;
  uptr b = f.before.stack.n != 0 ? f.before.stack.pc[0] : 0;
  if (a > b) {
    const uptr c = a;
    a = b;
    b = c;
  }
  return Remembered(f.kind, a, b);
}

bool FrameMatches(const char* type, const RenderedFrame& frame) {
  return (frame.symbol.function[0] != 0 && MatchSuppression(type, frame.symbol.function)) ||
         (frame.symbol.file[0] != 0 && MatchSuppression(type, frame.symbol.file)) ||
         (frame.module[0] != 0 && MatchSuppression(type, frame.module));
}

bool StackMatches(const char* type, const RenderedStack& stack) {
  for (u32 i = 0; i < stack.n; i++) {
    if (FrameMatches(type, stack.frame[i])) return true;
    if (i == 0 && StrEq(type, "race") && FrameMatches("race_top", stack.frame[i])) return true;
    if (i != 0 && MatchSuppression("called_from_lib", stack.frame[i].module)) return true;
  }
  return false;
}

bool Suppressed(const Rendered& r) {
  if (SuppressionCount() == 0) return false;
  const char* const type = SuppressionTypeOf(r.finding->kind);
  if (StackMatches(type, r.now) || StackMatches(type, r.before)) return true;
  for (u32 i = 0; i < r.finding->steps; i++) {
    if (StackMatches(type, r.step[i])) return true;
    if (r.object[i][0] != 0 && MatchSuppression(type, r.object[i]) != nullptr) return true;
  }
  return r.global_known && MatchSuppression(type, r.global.function) != nullptr;
}

// For readers that know of two accesses only.
void ShowStep(const Step& step, Access* access) {
  access->actor = step.actor;
  access->addr = step.object;
  access->stack = step.stack;
}

void OpenLog() {
  if (log_open) return;
  log_open = true;
  const char* path = flags().log_path.text;
  if (StrEq(path, "stderr") || path[0] == 0) return;
  if (StrEq(path, "stdout")) {
    log_fd = 1;
    return;
  }
  Line<512> name;
  name.Str(path).Put('.').Dec(static_cast<u64>(GetPid()));
  // What an earlier program of this process wrote, which called exec, stays.
  const bool records = StrEq(flags().format.text, "json");
  const int fd = records ? OpenAppend(name.data()) : OpenWrite(name.data());
  if (fd < 0) {
    Line<700> text;
    text.Str("cannot write log_path '").Str(name.data()).Str("'; reports go to stderr instead.");
    Say(text.data());
    return;
  }
  log_fd = fd;
  // A record begins a line, also behind one that a killed program did not finish.
  if (records && FileSize(fd) != 0) WriteFd(fd, "\n", 1);
}

// A report that cannot be written where it should goes to standard error: it is never lost.
void Write(const Text& text) {
  if (WriteFd(log_fd, text.data(), text.size()) >= 0 || log_fd == 2) return;
  Line<400> trouble;
  trouble.Str("cannot write to log_path '").Str(flags().log_path.text);
  trouble.Str("' any more; reports go to stderr from here on.");
  Say(trouble.data());
  log_fd = 2;
  WriteFd(log_fd, text.data(), text.size());
}

// The program's own code, as a thread that nobody watches: its locks are not seen here, so its accesses
// may not be either, and a race that it has would wait for the lock of reports, which we hold.
void TellProgram(const Rendered& r) {
  const int saved_errno = errno;
  Actor* const actor = Self();
  SetSelf(nullptr);
  if (__csan_on_report != nullptr) {
    Text record(output, kOutput);
    PutJson(&record, r);
    __csan_on_report(output);
  }
  if (__tsan_on_report != nullptr) __tsan_on_report(nullptr);
  SetSelf(actor);
  errno = saved_errno;
}

// Readers of ThreadSanitizer's format know no notes.
void Emit(const Rendered& r) {
  Text text(output, kOutput);
  const char* format = flags().format.text;
  if (!Fails(r.finding->kind) && StrEq(format, "tsan")) return;
  if (StrEq(format, "json")) {
    PutJson(&text, r);
  } else if (StrEq(format, "tsan")) {
    PutTsan(&text, r);
  } else {
    PutText(&text, r);
  }
  Write(text);
  if (Fails(r.finding->kind)) TellProgram(r);
}

u32& CountOf(FindingKind kind) {
  if (Fails(kind)) return reported;
  if (kind == FindingKind::kLockContention) return measured;
  if (kind == FindingKind::kPossibleLoss) return noted_losses;
  return kind == FindingKind::kPossibleInversion ? noted_inversions : noted_races;
}

void PrintNoted(u32 count, const char* what) {
  if (count == 0 || !StrEq(flags().format.text, "text")) return;
  Line<160> text;
  text.Str("CSan: noted ").Dec(count).Str(what).Str(count == 1 ? "" : "s");
  text.Str(", which did not make the program fail\n");
  OpenLog();
  Write(text);
}

}  // namespace

const char* NameOf(FindingKind kind) {
  constexpr const char* kNames[] = {
#define CSAN_FINDING(id, name, title, silenced_by) name,
#include "report/findings.def"
#undef CSAN_FINDING
  };
  return kNames[static_cast<u32>(kind)];
}

const char* TitleOf(FindingKind kind) {
  constexpr const char* kTitles[] = {
#define CSAN_FINDING(id, name, title, silenced_by) title,
#include "report/findings.def"
#undef CSAN_FINDING
  };
  return kTitles[static_cast<u32>(kind)];
}

const char* SuppressionTypeOf(FindingKind kind) {
  constexpr const char* kTypes[] = {
#define CSAN_FINDING(id, name, title, silenced_by) silenced_by,
#include "report/findings.def"
#undef CSAN_FINDING
  };
  return kTypes[static_cast<u32>(kind)];
}

void OpenReports() {
  if (!StrEq(flags().log_path.text, "stderr")) OpenLog();
}

Finding* BeginFinding() {
  report_lock.Lock();
  MemFill(&the_finding, 0, sizeof(the_finding));
  return &the_finding;
}

void DropFinding(Finding*) { report_lock.Unlock(); }

void SubmitFinding(Finding* finding) {
  if (finding->steps > 0) ShowStep(finding->step[0], &finding->now);
  if (finding->steps > 1) ShowStep(finding->step[1], &finding->before);
  if (SeenBefore(*finding)) {
    repeated++;
    report_lock.Unlock();
    return;
  }
  if (!flags().report_bugs) {
    if (Fails(finding->kind)) reported++;
    report_lock.Unlock();
    return;
  }
  if (rendered == nullptr) {
    rendered = static_cast<Rendered*>(MapMemory(sizeof(Rendered), "a report"));
    output = static_cast<char*>(MapMemory(kOutput, "a report"));
  }
  Render(*finding, rendered);
  if (Suppressed(*rendered)) {
    suppressed++;
    report_lock.Unlock();
    return;
  }
  CountOf(finding->kind)++;
  OpenLog();
  Emit(*rendered);
  if (Fails(finding->kind) && flags().halt_on_error) {
    // A program that was stopped has no code of its own, and has not succeeded.
    constexpr int kHalted = 66;
    ExitNow(flags().exitcode != 0 ? flags().exitcode : kHalted);
  }
  report_lock.Unlock();
}

u32 FindingCount() { return __atomic_load_n(&reported, __ATOMIC_RELAXED); }

void PrintExitSummary() {
  if (reported != 0 && StrEq(flags().format.text, "text")) {
    Line<160> text;
    text.Str("CSan: reported ").Dec(reported).Str(reported == 1 ? " finding" : " findings");
    if (repeated != 0) text.Str(", seen again ").Dec(repeated).Str(" times");
    if (suppressed != 0) text.Str(", suppressed ").Dec(suppressed);
    text.Put('\n');
    OpenLog();
    Write(text);
  } else if (reported != 0 && StrEq(flags().format.text, "tsan")) {
    Line<160> text;
    text.Str("ThreadSanitizer: reported ").Dec(reported).Str(" warnings\n");
    Write(text);
  }
  PrintNoted(noted_races, " possible race");
  PrintNoted(noted_inversions, " possible inversion");
  PrintNoted(noted_losses, " possibly lost value");
  if (!flags().print_suppressions) return;
  for (u32 i = 0; i < SuppressionCount(); i++) {
    const Suppression& s = SuppressionAt(i);
    Line<2048> text;
    if (StrEq(flags().format.text, "json")) {
      Line<400> rule;
      rule.Str(s.type).Put(':').Str(s.pattern);
      text.Str("{\"suppression\":").Json(rule.data()).Str(",\"matches\":").Dec(s.matches);
      text.Str("}\n");
    } else {
      text.Str("CSan: suppression ").Str(s.type).Put(':').Str(s.pattern).Str(" matched ");
      text.Dec(s.matches).Str(s.matches == 1 ? " time\n" : " times\n");
    }
    OpenLog();
    Write(text);
  }
}

void ReportAfterFork() {
  // The child answers for its own findings.
  reported = noted_races = noted_inversions = noted_losses = seen_count = 0;
  suppressed = repeated = 0;
  ForgetSymbolizer();
  if (log_open && log_fd > 2) log_open = false;
}

}  // namespace csan
