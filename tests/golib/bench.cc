// What the library's operations cost, beside Boost.Fiber's where it has the same. README.md says how the
// figures there were taken.
#include <benchmark/benchmark.h>
#include <csan/go.h>

#include <atomic>
#include <boost/fiber/all.hpp>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

namespace {

constexpr int kBatch = 10'000;

void BoostBuffered(benchmark::State& state) {
  for (auto _ : state) {
    boost::fibers::buffered_channel<int> chan(static_cast<std::size_t>(state.range(0)));
    boost::fibers::fiber sender([&] {
      for (int i = 0; i < kBatch; i++) chan.push(i);
      chan.close();
    });
    long sum = 0;
    for (const int value : chan) sum += value;
    benchmark::DoNotOptimize(sum);
    sender.join();
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(BoostBuffered)->Arg(2)->Arg(64)->Arg(1024)->MeasureProcessCPUTime()->UseRealTime();

void BoostUnbuffered(benchmark::State& state) {
  for (auto _ : state) {
    boost::fibers::unbuffered_channel<int> chan;
    boost::fibers::fiber sender([&] {
      for (int i = 0; i < kBatch; i++) chan.push(i);
      chan.close();
    });
    long sum = 0;
    for (const int value : chan) sum += value;
    benchmark::DoNotOptimize(sum);
    sender.join();
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(BoostUnbuffered)->MeasureProcessCPUTime()->UseRealTime();

// The same between goroutines; the thread that measures only waits for the end.
template <class T>
void Chan(benchmark::State& state, T value) {
  for (auto _ : state) {
    const auto chan = csan::MakeChan<T>(static_cast<std::size_t>(state.range(0)));
    const auto end = csan::MakeChan<long>();
    csan::go([=] {
      csan::go([=] {
        for (int i = 0; i < kBatch; i++) chan.Send(value);
        chan.Close();
      });
      long count = 0;
      for (const T& received : chan) {
        benchmark::DoNotOptimize(&received);
        count++;
      }
      end.Send(count);
    });
    benchmark::DoNotOptimize(end.Receive());
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
void ChanOfInt(benchmark::State& state) { Chan<int>(state, 7); }
void ChanOfString(benchmark::State& state) { Chan<std::string>(state, "short"); }
BENCHMARK(ChanOfInt)
    ->Arg(0)
    ->Arg(1)
    ->Arg(2)
    ->Arg(64)
    ->Arg(1024)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(ChanOfString)->Arg(64)->MeasureProcessCPUTime()->UseRealTime();

void SelectOfTwo(benchmark::State& state) {
  for (auto _ : state) {
    const auto a = csan::MakeChan<int>(), b = csan::MakeChan<int>();
    const auto end = csan::MakeChan<long>();
    csan::go([=] {
      csan::go([=] {
        for (int i = 0; i < kBatch; i++) (i % 2 == 0 ? a : b).Send(i);
      });
      long sum = 0;
      const auto add = [&](int value) { sum += value; };
      for (int i = 0; i < kBatch; i++) {
        csan::Select(csan::OnReceive(a, add), csan::OnReceive(b, add));
      }
      end.Send(sum);
    });
    benchmark::DoNotOptimize(end.Receive());
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(SelectOfTwo)->MeasureProcessCPUTime()->UseRealTime();

void BoostStart(benchmark::State& state) {
  for (auto _ : state) {
    std::vector<boost::fibers::fiber> fibers;
    for (int i = 0; i < 1000; i++) fibers.emplace_back([] {});
    for (auto& fiber : fibers) fiber.join();
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(BoostStart)->MeasureProcessCPUTime()->UseRealTime();

void Start(benchmark::State& state) {
  for (auto _ : state) {
    csan::WaitGroup end;
    csan::WaitGroup group;
    end.Go([&] {
      for (int i = 0; i < 1000; i++) group.Go([] {});
      group.Wait();
    });
    end.Wait();
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(Start)->MeasureProcessCPUTime()->UseRealTime();

void Yield(benchmark::State& state) {
  for (auto _ : state) {
    csan::WaitGroup group;
    for (int g = 0; g < 4; g++) {
      group.Go([] {
        for (int i = 0; i < kBatch; i++) csan::Yield();
      });
    }
    group.Wait();
  }
  state.SetItemsProcessed(state.iterations() * 4 * kBatch);
}
BENCHMARK(Yield)->MeasureProcessCPUTime()->UseRealTime();

template <class Lock>
void Locks(benchmark::State& state) {
  for (auto _ : state) {
    Lock lock;
    csan::WaitGroup group;
    long count = 0;
    for (long g = 0; g < state.range(0); g++) {
      group.Go([&] {
        for (int i = 0; i < kBatch; i++) {
          const std::lock_guard guard(lock);
          count++;
        }
      });
    }
    group.Wait();
    benchmark::DoNotOptimize(count);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * kBatch);
}
void MutexOf(benchmark::State& state) { Locks<csan::Mutex>(state); }
void RWMutexOf(benchmark::State& state) { Locks<csan::RWMutex>(state); }
BENCHMARK(MutexOf)->Arg(1)->Arg(8)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(RWMutexOf)->Arg(1)->Arg(8)->MeasureProcessCPUTime()->UseRealTime();

double ResidentMb() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * 4096 / 1e6;
}

// All wait at once, each after a call that uses some of its stack.
void HundredThousandWaiting(benchmark::State& state) {
  constexpr int kMany = 100'000;
  for (auto _ : state) {
    const double before = ResidentMb();
    const auto stop = csan::MakeChan<csan::Unit>();
    csan::WaitGroup waiting, ended;
    waiting.Add(kMany);
    for (int i = 0; i < kMany; i++) {
      ended.Go([&, i] {
        const std::string text = std::to_string(i);
        benchmark::DoNotOptimize(text.data());
        waiting.Done();
        stop.Receive();
      });
    }
    waiting.Wait();
    state.counters["MB"] = ResidentMb() - before;
    stop.Close();
    ended.Wait();
    state.counters["MB_after"] = ResidentMb() - before;
  }
}
BENCHMARK(HundredThousandWaiting)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
