// A lock and a channel in one cycle.
#include "kernel.h"

KERNEL(SendHoldingLock, "deadlock") {
  Mutex mutex;
  const auto values = MakeChan<int>();
  const auto held = MakeChan<Unit>();
  WaitGroup group;
  group.Go([&] {
    held.Receive();
    { const std::lock_guard lock(mutex); }  // RACE
    values.Receive();
  });
  std::unique_lock lock(mutex);
  held.Close();
  if (!BUG) lock.unlock();
  values.Send(1);  // RACE
  group.Wait();
}

KERNEL(ReceiveHoldingLock, "deadlock") {
  Mutex mutex;
  const auto answers = MakeChan<int>();
  const auto held = MakeChan<Unit>();
  WaitGroup group;
  group.Go([&] {
    held.Receive();
    int answer = 0;
    {
      const std::lock_guard lock(mutex);  // RACE
      answer = 42;
    }
    answers.Send(answer);
  });
  std::unique_lock lock(mutex);
  held.Close();
  if (!BUG) lock.unlock();
  answers.Receive();  // RACE
  group.Wait();
}

KERNEL(SelectHoldingLock, "deadlock") {
  Mutex mutex;
  const auto events = MakeChan<int>(), stop = MakeChan<int>(), held = MakeChan<int>();
  WaitGroup group;
  group.Go([&] {
    held.Receive();
    { const std::lock_guard lock(mutex); }  // RACE
    events.Send(1);
  });
  std::unique_lock lock(mutex);
  held.Close();
  if (!BUG) lock.unlock();
  csan::Select(csan::OnReceive(events), csan::OnReceive(stop));  // RACE
  group.Wait();
}

KERNEL(JoinHoldingLock, "deadlock") {
  Mutex mutex;
  int count = 0;
  const auto held = MakeChan<Unit>();
  WaitGroup workers;
  workers.Go([&] {
    held.Receive();
    const std::lock_guard lock(mutex);  // RACE
    count++;
  });
  std::unique_lock lock(mutex);
  held.Close();
  if (!BUG) lock.unlock();
  workers.Wait();  // RACE
}

KERNEL(SendHoldingReadLock, "deadlock") {
  RWMutex mutex;
  const auto updates = MakeChan<int>();
  const auto held = MakeChan<Unit>();
  int version = 0;
  WaitGroup group;
  group.Go([&] {
    held.Receive();
    {
      const std::lock_guard lock(mutex);  // RACE
      version++;
    }
    updates.Receive();
  });
  std::shared_lock lock(mutex);
  held.Close();
  if (!BUG) lock.unlock();
  updates.Send(1);  // RACE
  group.Wait();
}

// Who stops the loop waits for its end with the lock that the loop needs for its last step.
KERNEL(StopHoldingLock, "deadlock") {
  Mutex mutex;
  bool running = true;
  const auto stop = MakeChan<Unit>(), stopped = MakeChan<Unit>();
  csan::go([&] {
    stop.Receive();
    {
      const std::lock_guard lock(mutex);  // RACE
      running = false;
    }
    stopped.Close();
  });
  std::unique_lock lock(mutex);
  stop.Close();
  if (!BUG) lock.unlock();
  stopped.Receive();  // RACE
}

KERNEL(FullBufferHoldingLock, "deadlock") {
  Mutex mutex;
  int queued = 0;
  const auto jobs = MakeChan<int>(1);
  const auto full = MakeChan<Unit>();
  WaitGroup consumer;
  consumer.Go([&] {
    full.Receive();
    for (int i = 0; i < 2; i++) {
      {
        const std::lock_guard lock(mutex);  // RACE
        queued--;
      }
      jobs.Receive();
    }
  });
  std::unique_lock lock(mutex);
  queued += 2;
  jobs.Send(1);
  full.Close();
  if (!BUG) lock.unlock();
  jobs.Send(2);  // RACE
  consumer.Wait();
}

KERNEL(SemaphoreAndLock, "deadlock") {
  Mutex mutex;
  csan::Semaphore connections(1);
  const auto has_lock = MakeChan<Unit>(), has_connection = MakeChan<Unit>();
  WaitGroup group;
  group.Go([&] {
    if (BUG) {
      const std::lock_guard lock(mutex);
      has_lock.Close();
      has_connection.Receive();
      connections.Acquire();  // RACE
    } else {
      has_lock.Close();
      connections.Acquire();
      const std::lock_guard lock(mutex);
    }
    connections.Release();
  });
  group.Go([&] {
    has_lock.Receive();
    connections.Acquire();
    has_connection.Close();
    { const std::lock_guard lock(mutex); }  // RACE
    connections.Release();
  });
  group.Wait();
}
