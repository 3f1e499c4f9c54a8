// Notifications and locks used as they are not meant to be.
#include "kernel.h"

KERNEL(SignalBeforeWait, "deadlock|lost-wakeup") {
  Mutex mutex;
  csan::Cond changed(mutex);
  bool ready = false;
  const auto told = MakeChan<Unit>();
  csan::go([&, told] {
    {
      const std::lock_guard lock(mutex);
      ready = true;
    }
    changed.Signal();
    told.Close();
  });
  told.Receive();
  const std::lock_guard lock(mutex);
  if (BUG) changed.Wait();  // RACE
  if (!BUG) changed.Wait([&] { return ready; });
}

KERNEL(SignalForTwo, "deadlock") {
  Mutex mutex;
  csan::Cond opened(mutex);
  bool open = false;
  const auto waiting = MakeChan<Unit>();
  WaitGroup group;
  for (int i = 0; i < 2; i++) {
    group.Go([&] {
      const std::lock_guard lock(mutex);
      waiting.Send({});
      opened.Wait([&] { return open; });  // RACE
    });
    waiting.Receive();
  }
  {
    const std::lock_guard lock(mutex);
    open = true;
  }
  BUG ? opened.Signal() : opened.Broadcast();
  group.Wait();  // RACE
}

KERNEL(WaitHoldsTheOtherLock, "deadlock") {
  Mutex state, queue;
  csan::Cond filled(queue);
  bool full = false;
  const auto waiting = MakeChan<Unit>();
  WaitGroup group;
  group.Go([&] {
    std::unique_lock outer(state);
    waiting.Close();
    if (!BUG) outer.unlock();
    const std::lock_guard lock(queue);
    filled.Wait([&] { return full; });  // RACE
  });
  waiting.Receive();
  {
    const std::lock_guard outer(state);  // RACE
    const std::lock_guard lock(queue);
    full = true;
  }
  filled.Signal();
  group.Wait();
}

// A try to send finds nobody yet, and the only notification is lost.
KERNEL(NotifiedTooEarly, "deadlock") {
  const auto notify = MakeChan<Unit>(BUG ? 0 : 1);
  notify.TrySend({});
  WaitGroup group;
  group.Go([&] {
    notify.Receive();  // RACE
  });
  group.Wait();
}

KERNEL(SemaphoreTwice, "deadlock") {
  csan::Semaphore slots(BUG ? 1 : 2);
  slots.Acquire();
  slots.Acquire();  // RACE
  slots.Release(2);
}

KERNEL(SemaphoreNotBroughtBack, "deadlock") {
  csan::Semaphore slots(1);
  const auto request = [&](bool valid) {
    slots.Acquire();  // RACE
    if (!valid && BUG) return;
    slots.Release();
  };
  request(false);
  request(true);
}

KERNEL(TokenTakenTwice, "deadlock") {
  const auto tokens = MakeChan<Unit>(1);
  tokens.Send({});
  if (!BUG) tokens.Receive();
  tokens.Send({});  // RACE
  tokens.Receive();
}

KERNEL(UnlockTwice, "unlock-unlocked") {
  Mutex mutex;
  mutex.Lock();
  mutex.Unlock();
  if (BUG) Recovering([&] { mutex.Unlock(); });  // RACE
}

KERNEL(ReadUnlockOfWriter, "unlock-wrong-mode") {
  RWMutex mutex;
  mutex.Lock();
  Recovering([&] { BUG ? mutex.RUnlock() : mutex.Unlock(); });  // RACE
}

KERNEL(WaitWithoutLock, "wait-without-mutex|unlock-unlocked") {
  Mutex mutex;
  csan::Cond changed(mutex);
  bool ready = false;
  WaitGroup group;
  group.Go([&] {
    if (!BUG) mutex.Lock();
    if (BUG) Recovering([&] { changed.Wait(); });  // RACE
    if (!BUG) changed.Wait([&] { return ready; });
    if (!BUG) mutex.Unlock();
  });
  if (BUG) group.Wait();  // lest it gives up the lock taken here, which Go's rules allow
  {
    const std::lock_guard lock(mutex);
    ready = true;
  }
  changed.Signal();
  group.Wait();
}

KERNEL(ShutdownNobodyHears, "deadlock") {
  const auto quit = MakeChan<Unit>(), jobs = MakeChan<Unit>();
  WaitGroup workers;
  for (int i = 0; i < 2; i++) {
    workers.Go([&] { csan::Select(csan::OnReceive(quit), csan::OnReceive(jobs)); });  // RACE
  }
  BUG ? quit.Send({}) : quit.Close();  // one value is for one
  workers.Wait();  // RACE
}

KERNEL(RequestAndReplyMeet, "deadlock") {
  const auto requests = MakeChan<int>(), replies = MakeChan<int>();
  WaitGroup group;
  group.Go([&] {
    requests.Receive();
    replies.Send(1);  // RACE
  });
  requests.Send(1);
  if (BUG) requests.Send(2);  // RACE
  replies.Receive();
  group.Wait();
}
