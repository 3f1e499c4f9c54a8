// Locks taken again by who has them, in a ring, or never given back.
#include "kernel.h"

struct Account {
  Mutex mutex;
  int balance = 100;

  int Balance() {
    const std::lock_guard lock(mutex);  // of AskItself
    return balance;
  }
};

KERNEL(AskItself, "deadlock") {
  Account account;
  std::unique_lock lock(account.mutex);  // RACE
  account.balance++;
  if (!BUG) lock.unlock();
  account.Balance();  // RACE
}

KERNEL(CallbackUnderLock, "deadlock") {
  Mutex mutex;
  int observed = 0;
  const auto observer = [&] {
    const std::lock_guard lock(mutex);  // RACE
    observed++;
  };
  std::unique_lock lock(mutex);
  if (!BUG) lock.unlock();
  observer();
}

KERNEL(UpgradeReadLock, "deadlock") {
  RWMutex mutex;
  std::map<int, int> cache;
  std::shared_lock read(mutex);  // RACE
  if (cache.find(1) == cache.end()) {
    if (!BUG) read.unlock();
    const std::lock_guard write(mutex);  // RACE
    cache[1] = 1;
  }
}

KERNEL(ReadWhileWriting, "deadlock") {
  RWMutex mutex;
  std::unique_lock write(mutex);
  if (!BUG) write.unlock();
  const std::shared_lock read(mutex);  // RACE
}

KERNEL(ErrorPathKeepsLock, "deadlock") {
  Mutex mutex;
  const auto update = [&](int value) {
    mutex.Lock();
    if (value < 0) {
      if (!BUG) mutex.Unlock();
      return false;
    }
    mutex.Unlock();
    return true;
  };
  update(-1);
  mutex.Lock();  // RACE
  mutex.Unlock();
}

KERNEL(LockOfOneThatEnded, "deadlock") {
  Mutex mutex;
  const auto ended = MakeChan<Unit>();
  csan::go([&] {
    mutex.Lock();
    if (!BUG) mutex.Unlock();
    ended.Close();
  });
  ended.Receive();
  mutex.Lock();  // RACE
  mutex.Unlock();
}

KERNEL(TwoOrdersAtOnce, "deadlock") {
  Mutex first, second;
  const auto has_first = MakeChan<Unit>(), has_second = MakeChan<Unit>();
  WaitGroup group;
  group.Go([&] {
    const std::lock_guard one(first);
    has_first.Close();
    if (BUG) has_second.Receive();
    const std::lock_guard two(second);  // RACE
  });
  group.Go([&] {
    has_first.Receive();
    if (BUG) {
      const std::lock_guard two(second);
      has_second.Close();
      const std::lock_guard one(first);  // RACE
    } else {
      const std::lock_guard one(first);
      const std::lock_guard two(second);
    }
  });
  group.Wait();
}

KERNEL(TwoOrdersInTurn, "lock-order-inversion") {
  Mutex first, second;
  WaitGroup group;
  group.Go([&] {
    const std::lock_guard one(first);
    const std::lock_guard two(second);  // RACE
  });
  group.Go([&] {
    Mutex& before = BUG ? second : first;
    Mutex& after = BUG ? first : second;
    const std::lock_guard one(before);
    if (BUG && !after.TryLock()) return;
    if (!BUG) after.Lock();
    after.Unlock();
    const std::lock_guard two(after);  // RACE
  });
  group.Wait();
}

KERNEL(OnceNeedsOnce, "deadlock") {
  csan::Once config, logger;
  const auto in_config = MakeChan<Unit>(), in_logger = MakeChan<Unit>();
  WaitGroup group;
  group.Go([&] {
    config.Do([&] {
      in_config.Close();
      if (BUG) in_logger.Receive();
      logger.Do([] {});  // RACE
    });
  });
  group.Go([&] {
    in_config.Receive();
    logger.Do([&] {
      in_logger.Close();
      if (BUG) config.Do([] {});  // RACE
    });
  });
  group.Wait();
}

KERNEL(OnceUnderLock, "deadlock") {
  csan::Once once;
  Mutex mutex;
  const auto locked = MakeChan<Unit>(), begun = MakeChan<Unit>();
  WaitGroup group;
  group.Go([&] {
    locked.Receive();
    once.Do([&] {
      begun.Close();
      const std::lock_guard lock(mutex);  // RACE
    });
  });
  std::unique_lock lock(mutex);
  locked.Close();
  begun.Receive();
  if (!BUG) lock.unlock();
  once.Do([] {});  // RACE
  group.Wait();
}

// Until a writer waits, who keeps new readers out.
static void AwaitWriter(RWMutex& mutex) {
  while (mutex.TryRLock()) {
    mutex.RUnlock();
    csan::Yield();
  }
}

KERNEL(ReaderRecursion, "deadlock") {
  RWMutex mutex;
  const auto reading = MakeChan<Unit>();
  WaitGroup group;
  group.Go([&] {
    std::shared_lock outer(mutex);  // RACE
    reading.Close();
    AwaitWriter(mutex);
    if (!BUG) outer.unlock();
    const std::shared_lock inner(mutex);  // RACE
  });
  group.Go([&] {
    reading.Receive();
    const std::lock_guard write(mutex);  // RACE
  });
  group.Wait();
}

// A reader waits for another goroutine that reads too, behind a writer.
KERNEL(ReaderNeedsReader, "deadlock") {
  RWMutex mutex;
  const auto reading = MakeChan<Unit>(), answer = MakeChan<Unit>();
  WaitGroup group;
  group.Go([&] {
    std::shared_lock read(mutex);
    reading.Close();
    AwaitWriter(mutex);
    if (!BUG) read.unlock();
    group.Go([&] {
      { const std::shared_lock also(mutex); }  // RACE
      answer.Close();
    });
    answer.Receive();  // RACE
  });
  group.Go([&] {
    reading.Receive();
    const std::lock_guard write(mutex);
  });
  group.Wait();
}
