// Memory that goroutines share without an order.
#include "kernel.h"

KERNEL(SharedLoopVariable, "data-race") {
  WaitGroup group;
  for (int i = 0; i < 2; i++) {  // RACE
    const int mine = i;
    group.Go([&i, mine] {
      const volatile int used = BUG ? i : mine;  // RACE
      static_cast<void>(used);
    });
  }
  group.Wait();
}

KERNEL(CounterWithoutLock, "data-race") {
  Mutex mutex;
  int count = 0;
  WaitGroup group;
  for (int i = 0; i < 2; i++) {
    group.Go([&] {
      std::unique_lock lock(mutex, std::defer_lock);
      if (!BUG) lock.lock();
      count++;  // RACE
    });
  }
  group.Wait();
}

KERNEL(MapWithoutLock, "data-race") {
  Mutex mutex;
  std::map<int, int> sessions;
  WaitGroup group;
  for (int i = 0; i < 2; i++) {
    group.Go([&, i] {
      std::unique_lock lock(mutex, std::defer_lock);
      if (!BUG) lock.lock();
      sessions[i] = i;  // RACE
    });
  }
  group.Wait();
}

KERNEL(ErrorShared, "data-race") {
  int error = 0;
  const auto errors = MakeChan<int>(1);
  csan::go([&error, errors] {
    if (BUG) error = 5;  // RACE
    errors.Send(5);
  });
  error = 1;  // RACE
  if (errors.Receive() != 5) error = 2;
}

KERNEL(AppendAtOnce, "data-race") {
  std::vector<int> results;
  const auto gathered = MakeChan<int>(2);
  WaitGroup group;
  for (int i = 0; i < 2; i++) {
    group.Go([&, i] {
      if (BUG) results.push_back(i);  // RACE
      if (!BUG) gathered.Send(i);
    });
  }
  group.Wait();
  for (int i = 0; i < 2 && !BUG; i++) results.push_back(gathered.Receive());
}

// What was sent is the receiver's.
KERNEL(ChangedAfterSend, "data-race") {
  const auto messages = MakeChan<int*>(1);
  const auto read = MakeChan<int>();
  int message = 1;
  csan::go([messages, read] { read.Send(*messages.Receive()); });  // RACE
  messages.Send(&message);
  if (BUG) message = 2;  // RACE
  read.Receive();
  if (!BUG) message = 2;
}

KERNEL(ReaderWithoutLock, "data-race") {
  Mutex mutex;
  int level = 0;
  WaitGroup group;
  group.Go([&] {
    const std::lock_guard lock(mutex);
    level = 1;  // RACE
  });
  group.Go([&] {
    std::unique_lock lock(mutex, std::defer_lock);
    if (!BUG) lock.lock();
    const volatile int seen = level;  // RACE
    static_cast<void>(seen);
  });
  group.Wait();
}

KERNEL(WriteUnderReadLock, "data-race") {
  RWMutex mutex;
  int hits = 0;
  WaitGroup group;
  for (int i = 0; i < 2; i++) {
    group.Go([&] {
      if (BUG) {
        const std::shared_lock lock(mutex);
        hits++;  // RACE
      } else {
        const std::lock_guard lock(mutex);
        hits++;
      }
    });
  }
  group.Wait();
}

KERNEL(LockEach, "data-race") {
  Mutex mutexes[2];
  int total = 0;
  WaitGroup group;
  for (int i = 0; i < 2; i++) {
    group.Go([&, i] {
      const std::lock_guard lock(mutexes[BUG ? i : 0]);
      total += i;  // RACE
    });
  }
  group.Wait();
}

KERNEL(UsedAfterTimeout, "data-race") {
  int result = 0;
  const auto ready = MakeChan<Unit>(1), gone = MakeChan<Unit>(), ended = MakeChan<Unit>();
  csan::go([&, ready, gone, ended] {
    if (!BUG) gone.Receive();
    result = 1;  // RACE
    ready.Send({});
    ended.Close();
  });
  if (BUG) csan::Select(csan::OnReceive(gone), csan::Timeout(std::chrono::milliseconds(1)));
  result += 2;  // RACE
  gone.Close();
  ended.Receive();
}

KERNEL(InitialisedByFlag, "data-race") {
  csan::Once once;
  int config = 0;
  bool ready = false;
  WaitGroup group;
  for (int i = 0; i < 2; i++) {
    group.Go([&] {
      if (!BUG) {
        once.Do([&] { config = 1; });
        return;
      }
      if (ready) return;  // RACE
      config = 1;
      ready = true;  // RACE
    });
  }
  group.Wait();
}

KERNEL(TickedWithoutOrder, "data-race") {
  int samples = 0;
  const auto sampled = MakeChan<Unit>();
  csan::Ticker ticker(std::chrono::milliseconds(1));
  csan::go([&samples, sampled] {
    samples++;  // RACE
    sampled.Close();
  });
  ticker.C().Receive();  // time has passed, which orders nothing
  if (!BUG) sampled.Receive();
  samples++;  // RACE
  sampled.Receive();
}

KERNEL(NotWaitedForWhatItStarts, "data-race") {
  int sum = 0;
  WaitGroup outer;
  const auto inner = MakeChan<Unit>();
  outer.Go([&] {
    csan::go([&] {
      sum++;  // RACE
      inner.Close();
    });
    if (!BUG) inner.Receive();
  });
  outer.Wait();
  sum++;  // RACE
  inner.Receive();
}
