// Channels closed by who must not, too early, or with values in them.
#include "kernel.h"

KERNEL(SendAfterClose, "send-on-closed") {
  const auto chan = MakeChan<int>(1);
  if (BUG) chan.Close();  // RACE
  Recovering([&] { chan.Send(1); });  // RACE
  chan.TryReceive();
}

KERNEL(TrySendAfterClose, "send-on-closed") {
  const auto chan = MakeChan<int>(1);
  if (BUG) chan.Close();  // RACE
  Recovering([&] { chan.TrySend(1); });  // RACE
}

KERNEL(SelectSendsOnClosed, "send-on-closed") {
  const auto chan = MakeChan<int>(1), never = MakeChan<int>();
  if (BUG) chan.Close();  // RACE
  Recovering([&] { csan::Select(csan::OnSend(chan, 1), csan::OnReceive(never)); });  // RACE
}

KERNEL(ClosedWhileSenderWaits, "send-on-closed") {
  const auto chan = MakeChan<int>(), begun = MakeChan<int>(), ended = MakeChan<int>();
  csan::go([=] {
    begun.Close();
    Recovering([&] { chan.Send(1); });  // RACE
    ended.Close();
  });
  begun.Receive();
  if (!BUG) chan.Receive();
  chan.Close();  // RACE
  ended.Receive();
}

KERNEL(SubmitAfterClose, "send-on-closed") {
  csan::WorkerPool pool(1);
  if (BUG) pool.Close();  // RACE
  Recovering([&] { pool.Submit([] {}); });  // RACE
}

// Two results are enough; the third comes before or after the end.
KERNEL(CloserDoesNotWait, "close-send-race|send-on-closed") {
  const auto results = MakeChan<int>(3);
  WaitGroup senders;
  for (int i = 0; i < 3; i++) {
    senders.Go([&, i] { Recovering([&] { results.Send(i); }); });  // RACE
  }
  results.Receive();
  results.Receive();
  if (!BUG) senders.Wait();
  if (!BUG) results.Receive();
  results.Close();  // RACE
  senders.Wait();
  results.TryReceive();
}

KERNEL(LastOfTwoCloses, "close-send-race") {
  const auto chan = MakeChan<int>(2);
  WaitGroup group;
  std::atomic<bool> sent = false;  // orders nothing
  group.Go([&] {
    chan.Send(1);  // RACE
    sent.store(true, std::memory_order_relaxed);
  });
  if (!BUG) group.Wait();
  while (!sent.load(std::memory_order_relaxed)) csan::Yield();
  chan.Send(2);
  chan.Close();  // RACE
  for (int value : chan) static_cast<void>(value);
  group.Wait();
}

KERNEL(TwoOwnersClose, "double-close") {
  const auto stop = MakeChan<Unit>();
  csan::Once once;
  WaitGroup owners;
  for (int i = 0; i < 2; i++) {
    owners.Go([&] {
      if (BUG) Recovering([&] { stop.Close(); });  // RACE
      if (!BUG) once.Do([&] { stop.Close(); });
    });
  }
  owners.Wait();
}

KERNEL(ClosedAtTheEndToo, "double-close") {
  const auto file = MakeChan<Unit>();
  struct AtEnd {
    Chan<Unit> chan;
    bool closed = false;
    ~AtEnd() {
      if (!closed) Recovering([&] { chan.Close(); });  // RACE
    }
  } at_end{file};
  file.Close();  // RACE
  at_end.closed = !BUG;
}

KERNEL(CloseBeforeMade, "close-of-nil") {
  Chan<Unit> stop;
  if (!BUG) stop = MakeChan<Unit>();
  Recovering([&] { stop.Close(); });  // RACE
}

KERNEL(ValuesLeftBehind, "channel-unread") {
  const auto metrics = MakeChan<int>(4);
  for (int i = 0; i < 3; i++) metrics.Send(i);  // RACE
  metrics.Receive();
  metrics.Close();  // RACE
  if (!BUG) {
    for (int metric : metrics) static_cast<void>(metric);
  }
}

// Both are ready: whoever prefers to stop loses what was queued.
KERNEL(StopBeforeDrained, "channel-unread") {
  const auto queue = MakeChan<int>(2);
  const auto stop = MakeChan<Unit>();
  queue.Send(1);  // RACE
  queue.Close();
  stop.Close();
  while (BUG ? !stop.TryReceive().has_value() : queue.ReceiveOk().ok) continue;
}

KERNEL(ReceiveFromNeverMade, "nil-channel-block") {
  struct Task {
    Chan<int> result;
  } task;
  if (!BUG) task.result = MakeChan<int>(1);
  WaitGroup group;
  group.Go([&] {
    if (!BUG) task.result.Send(1);
    task.result.Receive();  // RACE
  });
  group.Wait();
}

KERNEL(SendToNeverMade, "nil-channel-block") {
  std::map<int, Chan<int>> mailboxes;
  if (!BUG) mailboxes[1] = MakeChan<int>(1);
  WaitGroup group;
  group.Go([&] {
    mailboxes[1].Send(1);  // RACE
  });
  group.Wait();
}

// Cases that have had their say are switched off; nobody looks whether one is left.
KERNEL(SelectOfNothing, "nil-channel-block") {
  auto left = MakeChan<int>(1), right = MakeChan<int>(1);
  left.Send(1);
  right.Send(2);
  for (int i = 0; i < (BUG ? 3 : 2); i++) {
    const auto has = [&](Chan<int>& chan) { return csan::OnReceive(chan, [&chan] { chan = {}; }); };
    csan::Select(has(left), has(right));  // RACE
  }
}
