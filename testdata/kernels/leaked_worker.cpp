// Goroutines that nobody can let go on any more.
#include "kernel.h"

KERNEL(RangeNeverEnds, "goroutine-leak") {
  const auto lines = MakeChan<int>();
  csan::go([lines] {  // RACE
    for (int line : lines) static_cast<void>(line);  // RACE
  });
  for (int i = 0; i < 3; i++) lines.Send(i);
  if (!BUG) lines.Close();
}

// The merged channel is closed when all inputs are, which one never is.
KERNEL(MergeWaitsForAll, "goroutine-leak") {
  const auto merged = MakeChan<int>(8);
  const auto group = std::make_shared<WaitGroup>();
  for (int source = 0; source < 2; source++) {
    const auto input = MakeChan<int>(1);
    input.Send(source);
    if (!BUG || source == 0) input.Close();
    group->Go([input, merged] {
      for (int value : input) merged.Send(value);
    });
  }
  csan::go([group, merged] {  // RACE
    group->Wait();  // RACE
    merged.Close();
  });
  for (int i = 0; i < 2; i++) merged.Receive();
}

// The first answer wins, the others cannot be sent.
KERNEL(FirstAnswerWins, "goroutine-leak") {
  const auto answers = MakeChan<int>(BUG ? 0 : 3);
  for (int mirror = 0; mirror < 3; mirror++) {
    csan::go([answers, mirror] { answers.Send(mirror); });  // RACE
  }
  answers.Receive();
}

KERNEL(CallerGaveUp, "goroutine-leak") {
  const auto answer = MakeChan<int>(BUG ? 0 : 1);
  const auto gone = MakeChan<Unit>();
  csan::go([answer, gone] {
    gone.Receive();
    answer.Send(1);  // RACE
  });
  csan::Select(csan::OnReceive(answer), csan::Timeout(std::chrono::milliseconds(1)));
  gone.Close();
}

KERNEL(ErrorReturnsEarly, "goroutine-leak") {
  const auto errors = MakeChan<int>(BUG ? 0 : 4);
  for (int part = 0; part < 4; part++) {
    csan::go([errors, part] { errors.Send(part); });  // RACE
  }
  for (int part = 0; part < 4; part++) {
    if (errors.Receive() >= 0) return;
  }
}

// Nobody closes the channel of who has unsubscribed.
KERNEL(UnsubscribedStillListens, "goroutine-leak") {
  std::map<int, Chan<int>> subscribers;
  const auto events = MakeChan<int>();
  subscribers[1] = events;
  csan::go([events] {
    while (events.ReceiveOk().ok) continue;  // RACE
  });
  subscribers[1].Send(7);
  if (!BUG) subscribers[1].Close();
  subscribers.erase(1);
}

KERNEL(StopNobodyHas, "goroutine-leak") {
  struct Poller {
    Chan<Unit> stop = MakeChan<Unit>();
    Poller() {
      csan::go([stop = stop] { stop.Receive(); });  // RACE
    }
    ~Poller() {
      if (!BUG) stop.Close();
    }
  };
  const auto poller = std::make_unique<Poller>();
}

KERNEL(SemaphoreNotReleased, "goroutine-leak") {
  const auto slots = std::make_shared<csan::Semaphore>(1);
  slots->Acquire();
  csan::go([slots] {
    slots->Acquire();  // RACE
    slots->Release();
  });
  if (!BUG) slots->Release();
}

KERNEL(ConditionNeverTold, "goroutine-leak") {
  struct Queue {
    Mutex mutex;
    csan::Cond changed{mutex};
    bool closed = false;
  };
  const auto queue = std::make_shared<Queue>();
  csan::go([queue] {
    const std::lock_guard lock(queue->mutex);
    queue->changed.Wait([&] { return queue->closed; });  // RACE
  });
  const std::lock_guard lock(queue->mutex);
  if (!BUG) queue->closed = true;
  if (!BUG) queue->changed.Broadcast();
}

KERNEL(GroupNeverDone, "goroutine-leak") {
  const auto group = std::make_shared<WaitGroup>();
  group->Add(1);
  csan::go([group] { group->Wait(); });  // RACE
  if (!BUG) group->Done();
}

KERNEL(LockNeverReleased, "goroutine-leak|deadlock") {
  const auto mutex = std::make_shared<Mutex>();
  const auto locked = MakeChan<Unit>();
  csan::go([mutex, locked] {
    mutex->Lock();
    if (!BUG) mutex->Unlock();
    locked.Close();
  });
  locked.Receive();
  csan::go([mutex] {
    mutex->Lock();  // RACE
    mutex->Unlock();
  });
}

// Two that wait for each other, and nobody knows of them.
KERNEL(TwoAskEachOther, "goroutine-leak") {
  const auto left = MakeChan<int>(), right = MakeChan<int>();
  csan::go([left, right] {  // RACE
    left.Receive();         // RACE
    right.Send(1);
  });
  csan::go([left, right] {
    if (!BUG) left.Send(1);
    right.Receive();
    if (BUG) left.Send(1);
  });
}

KERNEL(PipelineLeft, "goroutine-leak") {
  const auto numbers = MakeChan<int>(), squares = MakeChan<int>();
  const auto enough = MakeChan<Unit>();
  csan::go([numbers, enough] {
    for (int i = 0; i < 10; i++) {
      if (BUG) numbers.Send(i);  // RACE
      if (!BUG && csan::Select(csan::OnSend(numbers, i), csan::OnReceive(enough)) == 1) break;
    }
    numbers.Close();
  });
  csan::go([numbers, squares, enough] {
    for (int number : numbers) {
      if (BUG) squares.Send(number * number);
      if (!BUG && csan::Select(csan::OnSend(squares, number), csan::OnReceive(enough)) == 1) break;
    }
  });
  squares.Receive();
  enough.Close();
}
