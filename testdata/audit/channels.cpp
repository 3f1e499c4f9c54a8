// What may be said of goroutines, channels and groups. A comment names the finding of its line; where
// there is none, silence is the expectation.
#include <csan/go.h>

#include <chrono>
#include <mutex>

void Use(int value);
int Load();

// Groups.

void AddsInside() {
  csan::WaitGroup group;
  for (int i = 0; i < 3; i++) {
    csan::go([&] {
      group.Add(1);  // FINDING: waitgroup-add-in-goroutine
      Use(1);
      group.Done();
    });
  }
  group.Wait();
}

void AddsBefore() {
  csan::WaitGroup group;
  for (int i = 0; i < 3; i++) {
    group.Add(1);
    csan::go([&] {
      Use(1);
      group.Done();
    });
  }
  group.Wait();
}

void AddsForAnother() {
  csan::WaitGroup group;
  group.Add(1);
  csan::go([&] {
    group.Add(1);
    csan::go([&] { group.Done(); });
    group.Done();
  });
  group.Wait();
}

void HasItsOwnGroup() {
  csan::go([] {
    csan::WaitGroup group;
    group.Add(1);
    csan::go([&group] { group.Done(); });
    group.Wait();
  });
}

// Who closes.

void ReceiverCloses() {
  const auto values = csan::MakeChan<int>();
  csan::go([values] {
    for (int i = 0; i < 3; i++) values.Send(i);
  });
  Use(values.Receive());
  values.Close();  // FINDING: channel-closed-by-receiver
}

void SenderCloses() {
  const auto values = csan::MakeChan<int>();
  csan::go([values] {
    for (int i = 0; i < 3; i++) values.Send(i);
    values.Close();
  });
  for (int value : values) Use(value);
}

void ReceiverWaitsFirst() {
  const auto values = csan::MakeChan<int>(3);
  csan::WaitGroup group;
  group.Add(1);
  csan::go([&] {
    values.Send(1);
    group.Done();
  });
  group.Wait();
  values.Close();
  for (int value : values) Use(value);
}

void EachSenderCloses() {
  const auto values = csan::MakeChan<int>(3);
  for (int i = 0; i < 3; i++) {
    csan::go([values] {
      values.Send(1);
      values.Close();  // FINDING: channel-closed-by-several
    });
  }
  for (int value : values) Use(value);
}

void OneOfTwoSendersCloses() {
  const auto values = csan::MakeChan<int>(3);
  csan::go([values] { values.Send(1); });
  csan::go([values] {
    values.Send(2);
    values.Close();  // FINDING: channel-closed-by-several
  });
  for (int value : values) Use(value);
}

void TwoClose() {
  const auto quit = csan::MakeChan<int>();
  csan::go([quit] { quit.Close(); });  // FINDING: channel-closed-by-several
  csan::go([quit] { quit.Close(); });
  quit.Receive();
}

void OnceCloses() {
  const auto quit = csan::MakeChan<int>();
  csan::Once once;
  csan::WaitGroup group;
  group.Add(2);
  for (int i = 0; i < 2; i++) {
    csan::go([&] {
      once.Do([&] { quit.Close(); });
      group.Done();
    });
  }
  group.Wait();
}

void ClosedAfterAllSenders() {
  const auto values = csan::MakeChan<int>();
  csan::WaitGroup group;
  for (int i = 0; i < 3; i++) {
    group.Add(1);
    csan::go([&] {
      values.Send(1);
      group.Done();
    });
  }
  csan::go([&] {
    group.Wait();
    values.Close();
  });
  for (int value : values) Use(value);
}

// Loops.

void ReceivesForEver(csan::Chan<int> jobs) {
  csan::go([jobs] {
    for (;;) {  // FINDING: loop-without-cancellation
      Use(jobs.Receive());
    }
  });
}

void ReceivesUntilClosed(csan::Chan<int> jobs) {
  csan::go([jobs] {
    while (auto job = jobs.Next()) Use(*job);
  });
}

void Workers() {
  const auto jobs = csan::MakeChan<int>();
  csan::go([jobs] {
    for (int job : jobs) Use(job);  // FINDING: loop-without-cancellation
  });
  for (int i = 0; i < 3; i++) jobs.Send(i);
}

void WorkersAreTold() {
  const auto jobs = csan::MakeChan<int>();
  csan::go([jobs] {
    for (int job : jobs) Use(job);
  });
  for (int i = 0; i < 3; i++) jobs.Send(i);
  jobs.Close();
}

void WorkOn(csan::Chan<int> jobs) {
  for (int job : jobs) Use(job);  // FINDING: loop-without-cancellation
}

void NamedWorkers() {
  const auto jobs = csan::MakeChan<int>();
  csan::go(WorkOn, jobs);
  jobs.Send(1);
}

// Waits that nobody ends.

void ClientMayBeGone(bool gone) {
  const auto reply = csan::MakeChan<int>();
  csan::go([reply] {  // FINDING: spawn-without-stop
    if (auto value = reply.Next()) Use(*value);
  });
  if (gone) return;
  reply.Send(Load());
}

void ReplyAlwaysComes(bool gone) {
  const auto reply = csan::MakeChan<int>();
  csan::go([reply] {
    if (auto value = reply.Next()) Use(*value);
  });
  if (gone) {
    reply.Close();
    return;
  }
  reply.Send(Load());
}

int MayTimeOut(bool late) {
  const auto answer = csan::MakeChan<int>();
  csan::go([answer] { answer.Send(Load()); });  // FINDING: spawn-without-stop
  if (late) return 0;
  return answer.Receive();
}

int MayTimeOutBuffered(bool late) {
  const auto answer = csan::MakeChan<int>(1);
  csan::go([answer] { answer.Send(Load()); });
  if (late) return 0;
  return answer.Receive();
}

// A select with a receive may do something else.
int MayChooseTheTimeout() {
  const auto answer = csan::MakeChan<int>();
  csan::go(csan::Named("asker"), [answer] { answer.Send(Load()); });  // FINDING: spawn-without-stop
  int result = 0;
  csan::Select(csan::OnReceive(answer, [&](int value) { result = value; }),
               csan::Timeout(std::chrono::seconds(1)));
  return result;
}

void EachEndByItself() {
  const auto whole = csan::MakeChan<int>();
  csan::SendChan<int> out = whole;
  csan::go([out] {
    out.Send(1);
    csan::close(out);
  });
  for (int value : whole) Use(value);
}

void SelectsForEver(csan::Chan<int> jobs, csan::ReceiveChan<csan::Unit> stop) {
  csan::go([=] {
    for (;;) {  // FINDING: loop-without-cancellation
      csan::Select(csan::OnReceive(jobs, [](int job) { Use(job); }));
    }
  });
  csan::go([=] {
    for (bool stopped = false; !stopped;) {
      csan::Select(csan::OnReceive(jobs, [](int job) { Use(job); }),
                   csan::OnReceive(stop, [&] { stopped = true; }));
    }
  });
}

// Conditions.

csan::Mutex mutex;
csan::Cond changed(mutex);
bool ready = false;

void WaitsOnce() {
  std::lock_guard lock(mutex);
  changed.Wait();  // FINDING: wait-without-predicate
}

void WaitsForCondition() {
  std::lock_guard lock(mutex);
  changed.Wait([] { return ready; });
  while (!ready) changed.Wait();
}

// Locks.

void SelectsWithLock(csan::Chan<int> values) {
  std::lock_guard lock(mutex);
  csan::Select(csan::OnSend(values, 1), csan::OnReceive(values));  // FINDING: lock-held-over-wait
  csan::Select(csan::OnSend(values, 1), csan::Default());
}

void SendsWithLock(csan::Chan<int> values) {
  std::lock_guard lock(mutex);
  values.Send(1);  // FINDING: lock-held-over-wait
}

void SendsAfterUnlock(csan::Chan<int> values) {
  mutex.Lock();
  const int value = Load();
  mutex.Unlock();
  values.Send(value);
}

void RangesWithLock(csan::Chan<int> values) {
  std::lock_guard lock(mutex);
  for (int value : values) Use(value);  // FINDING: lock-held-over-wait
}

void TriesWithLock(csan::Chan<int> values) {
  std::lock_guard lock(mutex);
  values.TrySend(1);
}

// What is among the cases is known when it runs.
void TriesCasesWithLock(csan::Chan<int> values) {
  csan::Cases cases;
  cases.Add(csan::OnReceive(values)).Add(csan::Default());
  std::lock_guard lock(mutex);
  cases.Select();
}

void EndsPoolWithLock(csan::WorkerPool& pool) {
  std::lock_guard lock(mutex);
  pool.Close();  // FINDING: lock-held-over-wait
}

void AcceptsWithLock(int socket) {
  std::lock_guard lock(mutex);
  csan::Accept(socket, nullptr, nullptr);  // FINDING: lock-held-over-wait
}

// Locals.

void GoesOnWithLocal() {
  int value = Load();
  csan::go([&value] { Use(value); });  // FINDING: local-outlived
}

void WaitsForLocal() {
  int value = Load();
  csan::WaitGroup group;
  group.Add(1);
  csan::go([&] {
    Use(value);
    group.Done();
  });
  group.Wait();
}

void MayReturnEarly(bool early) {
  int value = Load();
  const auto done = csan::MakeChan<csan::Unit>();
  csan::go([&value, done] {  // FINDING: local-outlived
    Use(value);
    done.Close();
  });
  if (early) return;
  done.Receive();
}

void BeginsInGroup(csan::ErrGroup& group) {
  int value = Load();
  group.TryGo([&value] { Use(value); });  // FINDING: local-outlived
}

void GroupWaitsAtItsEnd() {
  int value = Load();
  csan::ErrGroup group;
  group.Go([&value] { Use(value); });
}

void SubmitsToPool(csan::WorkerPool& pool) {
  int value = Load();
  pool.Submit([&value] { Use(value); });  // FINDING: local-outlived
}

void EndsPool(csan::WorkerPool& pool) {
  int value = Load();
  pool.Submit([&value] { Use(value); });
  pool.Close();
}

void PoolWaitsAtItsEnd() {
  int value = Load();
  csan::WorkerPool pool(2);
  pool.Submit([&value] { Use(value); });
}
