#include <csan/go/blocking.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>

#include "blocking_threads.h"
#include "goroutine.h"
#include "scheduler.h"
#include "thread.h"

namespace csan::inline go_v1 {
namespace internal {

class BlockingThreads::Thread : public Carrier {
 public:
  static void* Main(void*) {
    Thread thread;
    hooks::SelfIsDaemon();
    thread.Attach();
    for (;;) thread.Carrier::Run(Get().Next());
  }
};

BlockingThreads& BlockingThreads::Get() {
  // Never destroyed: its threads run until the process is gone.
  static auto* const threads = new BlockingThreads;
  return *threads;
}

void BlockingThreads::Run(Goroutine* goroutine) {
  bool enough = false;
  {
    const std::lock_guard guard(lock_);
    ready_.Push(goroutine);
    enough = ready_.count <= idle_;
    wakes_.fetch_add(1, std::memory_order_relaxed);
  }
  if (enough) {
    FutexWake(wakes_);
  } else {
    StartThread(Thread::Main, nullptr, "csan-go-blocks");
  }
}

Goroutine* BlockingThreads::Next() {
  for (;;) {
    std::uint32_t wakes = 0;
    {
      const std::lock_guard guard(lock_);
      if (Goroutine* const goroutine = ready_.Pop()) return goroutine;
      wakes = wakes_.load(std::memory_order_relaxed);
      idle_++;
    }
    FutexWait(wakes_, wakes);
    const std::lock_guard guard(lock_);
    idle_--;
  }
}

bool BlockingThreads::OnOne() {
  return Carrier::Current() != nullptr && Worker::Current() == nullptr;
}

[[gnu::noinline]] OnBlockingThread::OnBlockingThread() {
  Party& self = Party::Self();
  if (self.goroutine() == nullptr || BlockingThreads::OnOne()) return;
  self.Park(
      {[](void* goroutine) { BlockingThreads::Get().Run(static_cast<Goroutine*>(goroutine)); },
       self.goroutine()});
}

[[gnu::noinline]] OnBlockingThread::~OnBlockingThread() {
  Party& self = Party::Self();
  if (self.goroutine() == nullptr || !BlockingThreads::OnOne()) return;
  self.Park({[](void* goroutine) { Scheduler::Get().Ready(static_cast<Goroutine*>(goroutine)); },
             self.goroutine()});
}

namespace {

// Of this thread, wherever that is: a caller would look where it was before.
[[gnu::noinline]] int Errno() { return errno; }

// What it returns, or minus its errno.
template <class Call>
auto WithoutInterrupts(Call call) {
  for (;;) {
    const auto result = call();
    if (result >= 0) return result;
    const int error = Errno();
    if (error != EINTR) return static_cast<decltype(call())>(-error);
  }
}

// `events` of poll() say whether the call would wait.
template <class Call>
auto LettingOthersGoOn(int fd, short events, Call call) {
  pollfd now{.fd = fd, .events = events, .revents = 0};
  if (poll(&now, 1, 0) != 0) return WithoutInterrupts(call);
  return Blocking([&] { return WithoutInterrupts(call); });
}

}  // namespace
}  // namespace internal

using internal::LettingOthersGoOn;

ssize_t Read(int fd, void* buffer, std::size_t size) {
  return LettingOthersGoOn(fd, POLLIN, [&] { return read(fd, buffer, size); });
}

// A pipe that has room for some may have to wait for the rest, so it always moves.
ssize_t Write(int fd, const void* buffer, std::size_t size) {
  return LettingOthersGoOn(-1, 0, [&] { return write(fd, buffer, size); });
}

int Accept(int socket, sockaddr* address, socklen_t* length) {
  return LettingOthersGoOn(socket, POLLIN, [&] { return accept(socket, address, length); });
}

// Interrupted, it goes on by itself: it must not be called again.
int Connect(int socket, const sockaddr* address, socklen_t length) {
  return Blocking([&] {
    if (connect(socket, address, length) == 0) return 0;
    int error = internal::Errno();
    if (error != EINTR) return -error;
    pollfd done{.fd = socket, .events = POLLOUT, .revents = 0};
    internal::WithoutInterrupts([&] { return poll(&done, 1, -1); });
    socklen_t size = sizeof(error);
    getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    return -error;
  });
}

}  // namespace csan::inline go_v1
