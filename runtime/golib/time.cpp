#include <csan/go/panic.h>
#include <csan/go/select.h>
#include <csan/go/time.h>

#include "clock.h"
#include "core.h"
#include "timers.h"

namespace csan::inline go_v1 {
namespace internal {
namespace {

// A channel with room for one time.
class TimedChan : public Timer {
 public:
  explicit TimedChan(Fire fire) : Timer(fire), chan_(MakeChan<Time>(1)) {}
  const Chan<Time>& chan() const { return chan_; }

 protected:
  void Tick() { chan_.TrySend(std::chrono::steady_clock::now()); }

 private:
  Chan<Time> chan_;
};

class OneTime final : public TimedChan {
 public:
  OneTime() : TimedChan(Fire) {}

 private:
  static bool Fire(Timer& timer) {
    const std::unique_ptr<OneTime> self(static_cast<OneTime*>(&timer));
    self->Tick();
    return false;
  }
};

}  // namespace

class Deadline final : public TimedChan {
 public:
  explicit Deadline(std::chrono::nanoseconds after) : TimedChan(Fire) {
    Timers::Get().Add(*this, DeadlineNs(after));
  }
  ~Deadline() { Timers::Get().Remove(*this); }

 private:
  static bool Fire(Timer& timer) {
    static_cast<Deadline&>(timer).Tick();
    return false;
  }
};

void DeleteDeadline::operator()(Deadline* deadline) const {
  CSAN_GO_OWN;
  delete deadline;
}
std::unique_ptr<Deadline, DeleteDeadline> StartDeadline(std::chrono::nanoseconds after) {
  CSAN_GO_OWN;
  return std::unique_ptr<Deadline, DeleteDeadline>(new Deadline(after));
}
Core* CoreOf(const Deadline& deadline) { return Access::Get(deadline.chan()); }

}  // namespace internal

ReceiveChan<Time> After(std::chrono::nanoseconds duration) {
  CSAN_GO_OWN;
  auto* const once = new internal::OneTime;
  // Gone as soon as the timer is pending.
  ReceiveChan<Time> chan = once->chan();
  internal::Timers::Get().Add(*once, internal::DeadlineNs(duration));
  return chan;
}

class Ticker::Source final : public internal::TimedChan {
 public:
  Source() : TimedChan(Fire) {}
  ~Source() { internal::Timers::Get().Remove(*this); }

  void Start(std::chrono::nanoseconds period) {
    if (period.count() <= 0) internal::Throw("non-positive interval for Ticker");
    internal::Timers::Get().Remove(*this);
    period_ns = static_cast<std::uint64_t>(period.count());
    internal::Timers::Get().Add(*this, internal::DeadlineNs(period));
  }

 private:
  static bool Fire(Timer& timer) {
    static_cast<Source&>(timer).Tick();
    return true;
  }
};

Ticker::Ticker(std::chrono::nanoseconds period) {
  CSAN_GO_OWN;
  source_ = std::make_unique<Source>();
  source_->Start(period);
}
Ticker::Ticker(Ticker&&) noexcept = default;
Ticker& Ticker::operator=(Ticker&& other) noexcept {
  std::swap(source_, other.source_);
  return *this;
}
Ticker::~Ticker() {
  CSAN_GO_OWN;
  source_.reset();
}

const ReceiveChan<Time>& Ticker::C() const { return source_->chan(); }
void Ticker::Stop() { internal::Timers::Get().Remove(*source_); }
void Ticker::Reset(std::chrono::nanoseconds period) { source_->Start(period); }

}  // namespace csan::inline go_v1
