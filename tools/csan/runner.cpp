#include "runner.h"

#include <csignal>

#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "outputs.h"

namespace csan::tool {

using llvm::StringRef;
using llvm::Twine;

namespace {

constexpr auto kGrace = std::chrono::seconds(5);  // between asking to end and ending
constexpr int kFindingsExit = 66;                 // of a program that was stopped by one

// While the object lives, the signals that end us, and those of children, wait to be taken.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, signal);
    sigprocmask(SIG_BLOCK, &set_, &before_);
  }
  ~Signals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  // One of them, or -1 after a while without.
  int Take() const {
    constexpr timespec kWhile = {0, 200'000'000};
    return sigtimedwait(&set_, nullptr, &kWhile);
  }

 private:
  sigset_t set_;
  sigset_t before_;
};

std::string HowEnded(const Child& child) {
  if (child.killed()) return "was ended by csan";
  if (child.signal() != 0) return "was ended by signal " + std::to_string(child.signal());
  if (child.exit_code() != 0) return "ended with exit code " + std::to_string(child.exit_code());
  return "ended well";
}

}  // namespace

Runner::Runner(const RunPlan& plan)
    : plan_(plan), progress_(plan.times * plan.shards, plan.times * plan.shards != 1) {}

bool Runner::MoreToStart() const {
  if (stopping_ || (plan_.until_found && Findings() != 0)) return false;
  return plan_.times == 0 || started_ < plan_.times * plan_.shards;
}

bool Runner::StartNext() {
  const uint64_t number = ++started_;
  const Shard shard = PartOf(plan_.shard, (number - 1) % plan_.shards, plan_.shards);
  const std::string folder = (plan_.folder + "/run" + Twine(number)).str();
  if (const std::error_code error = llvm::sys::fs::create_directories(folder)) {
    trouble_.push_back(folder + ": " + error.message() + ".");
    return false;
  }
  auto child =
      Child::Start(CommandFor(plan_.command, shard), EnvironmentFor(folder + "/log", shard),
                   CaptureOutput() ? plan_.folder + "/output" + std::to_string(number) : "");
  if (!child.ok()) {
    trouble_.push_back(std::string(child.status().message()));
    return false;
  }
  const auto limit = plan_.limit.count() == 0 ? Child::Clock::duration::max() / 4 : plan_.limit;
  jobs_.push_back({*child, number, folder, child->started() + limit});
  return true;
}

void Runner::ShowOutput(const Job& job) {
  if (!CaptureOutput()) return;
  constexpr size_t kBytes = 16384;
  auto file = llvm::MemoryBuffer::getFile(plan_.folder + "/output" + std::to_string(job.number));
  if (!file) return;
  progress_.Clear();
  const StringRef text = (*file)->getBuffer();
  if (text.size() > kBytes) llvm::errs() << "…\n";
  llvm::errs() << text.take_back(kBytes);
}

void Runner::Finish(Job& job) {
  const report::Merged one = report::ReadAll({job.folder});
  merged_.Merge(one);
  const Child& child = job.child;
  const std::string how = HowEnded(child);
  const std::chrono::duration<double> seconds = Child::Clock::now() - child.started();
  const bool by_finding = child.exit_code() == kFindingsExit && !one.entries().empty();
  if (how != "ended well" && !by_finding) {
    ShowOutput(job);
    trouble_.push_back(("run " + Twine(job.number) + " " + how + ".").str());
  }
  progress_.Ended(job.number, how, seconds.count(), Findings());
}

void Runner::Watch(int signal) {
  const bool stop = signal == SIGINT || signal == SIGTERM || signal == SIGHUP;
  if (stop && !stopping_) {
    stopping_ = true;
    trouble_.push_back("stopped by signal " + std::to_string(signal) + ".");
  }
  for (Job& job : jobs_) {
    const auto now = Child::Clock::now();
    if (job.child.Ended() || (!stop && now < job.next_kill)) continue;
    job.child.Kill();
    job.next_kill = now + kGrace;
  }
}

bool Runner::Run() {
  const Signals signals;
  bool good = true;
  while (good && (!jobs_.empty() || MoreToStart())) {
    while (good && jobs_.size() < plan_.at_once && MoreToStart()) good = StartNext();
    progress_.Refresh(jobs_.size(), Findings());
    Watch(signals.Take());
    for (size_t i = 0; i < jobs_.size();) {
      if (!jobs_[i].child.Ended()) {
        i++;
        continue;
      }
      Finish(jobs_[i]);
      jobs_.erase(jobs_.begin() + static_cast<ptrdiff_t>(i));
    }
  }
  for (Job& job : jobs_) {
    job.child.Kill();
    while (!job.child.Ended()) {
      if (signals.Take() < 0) job.child.Kill();
    }
    Finish(job);
  }
  progress_.Clear();
  merged_.Sort();
  return good;
}

}  // namespace csan::tool
