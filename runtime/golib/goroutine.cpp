#include "goroutine.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include "carrier.h"
#include "scheduler.h"

namespace csan::inline go_v1 {
namespace internal {
namespace {

using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

constinit std::atomic<std::uint64_t> last_id{0};
constinit std::atomic<std::uint64_t> count{0};

}  // namespace

Goroutine::Goroutine(Stack stack, std::string_view name, const void* creator)
    : stack_(stack), creator_(creator), id_(last_id.fetch_add(1, std::memory_order_relaxed) + 1) {
  const std::size_t length = std::min(name.size(), sizeof(name_) - 1);
  std::memcpy(name_, name.data(), length);
  name_[length] = 0;
  actor_ = hooks::ActorCreated(name_);
}

Goroutine* Goroutine::Create(std::unique_ptr<Task> task, std::string_view name,
                             const void* creator) {
  const Stack stack = Stack::Take();
  constexpr std::size_t kSize = (sizeof(Goroutine) + 63) & ~std::size_t{63};
  auto* const goroutine = new (stack.top() - kSize) Goroutine(stack, name, creator);
  char* const low = stack.low();
  const auto size = static_cast<std::size_t>(reinterpret_cast<char*>(goroutine) - low);
  hooks::ActorHasStack(goroutine->actor_, low, size);
  hooks::ActorHasRecord(goroutine->actor_, goroutine, kSize);
  // Not before: a search for leaks would not find it.
  goroutine->task_ = std::move(task);
  goroutine->context_ = make_fcontext(goroutine, size, Enter);
  count.fetch_add(1, std::memory_order_relaxed);
  return goroutine;
}

void Goroutine::Destroy(Goroutine* ended) {
  hooks::ActorEnded(ended->actor_);
  const Stack stack = ended->stack_;
  ended->~Goroutine();
  stack.Give();
  count.fetch_sub(1, std::memory_order_relaxed);
}

std::uint64_t Goroutine::Count() { return count.load(std::memory_order_relaxed); }

void Goroutine::Enter(transfer_t from) {
  Carrier::Arrived(from.fctx);
  static_cast<Goroutine*>(from.data)->Run();
  std::abort();  // an ended goroutine does not come back
}

void Goroutine::Run() noexcept {
  hooks::StackTaken(this);
  try {
    task_->Run();
    task_.reset();
  } catch (const abi::__forced_unwind&) {
    Die("the thread was told to exit (pthread_exit or a cancellation)");
  } catch (const std::exception& exception) {
    Die(exception.what());
  } catch (...) {
    Die("an exception that is no std::exception");
  }
  hooks::StackLeft(this);
  Carrier::Leave({[](void* self) { Destroy(static_cast<Goroutine*>(self)); }, this});
}

void Goroutine::Describe(char* text, std::size_t size) const {
  Dl_info info{};
  char creator[256];
  if (dladdr(creator_, &info) != 0 && info.dli_sname != nullptr) {
    int status = 0;
    char* const demangled = abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status);
    std::snprintf(creator, sizeof(creator), "%s", status == 0 ? demangled : info.dli_sname);
    std::free(demangled);
  } else if (info.dli_fname != nullptr) {
    const auto offset =
        static_cast<const char*>(creator_) - static_cast<const char*>(info.dli_fbase);
    std::snprintf(creator, sizeof(creator), "%s+0x%tx", info.dli_fname, offset);
  } else {
    std::snprintf(creator, sizeof(creator), "%p", creator_);
  }
  const bool named = name_[0] != 0;
  std::snprintf(text, size, "goroutine %llu%s%s%s, created at %s",
                static_cast<unsigned long long>(id_), named ? " '" : "", name_, named ? "'" : "",
                creator);
}

void Goroutine::Die(const char* what) const {
  char who[512];
  Describe(who, sizeof(who));
  std::fprintf(stderr, "panic: %s\nin %s\n", what, who);
  std::abort();
}

[[gnu::noinline]] void Start(std::unique_ptr<Task> task, std::string_view name) {
  CSAN_GO_OWN;
  const void* const creator = __builtin_return_address(0);
  Scheduler::Get().Ready(Goroutine::Create(std::move(task), name, creator));
}

}  // namespace internal

std::uint64_t GoroutineId() {
  const internal::Goroutine* const self = internal::Party::Self().goroutine();
  return self != nullptr ? self->id() : 0;
}

void Daemon() { internal::hooks::SelfIsDaemon(); }

std::uint64_t GoroutineCount() { return internal::Goroutine::Count(); }

}  // namespace csan::inline go_v1
