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
  csan::Chan<int> values;
  csan::go([values]() mutable {
    for (int i = 0; i < 3; i++) values.Send(i);
  });
  Use(*values.Receive());
  values.Close();  // FINDING: channel-closed-by-receiver
}

void SenderCloses() {
  csan::Chan<int> values;
  csan::go([values]() mutable {
    for (int i = 0; i < 3; i++) values.Send(i);
    values.Close();
  });
  for (int value : values) Use(value);
}

void ReceiverWaitsFirst() {
  csan::Chan<int> values(3);
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
  csan::Chan<int> values(3);
  for (int i = 0; i < 3; i++) {
    csan::go([values]() mutable {
      values.Send(1);
      values.Close();  // FINDING: channel-closed-by-several
    });
  }
  for (int value : values) Use(value);
}

void OneOfTwoSendersCloses() {
  csan::Chan<int> values(3);
  csan::go([values]() mutable { values.Send(1); });
  csan::go([values]() mutable {
    values.Send(2);
    values.Close();  // FINDING: channel-closed-by-several
  });
  for (int value : values) Use(value);
}

void TwoClose() {
  csan::Chan<int> quit;
  csan::go([quit]() mutable { quit.Close(); });  // FINDING: channel-closed-by-several
  csan::go([quit]() mutable { quit.Close(); });
  quit.Receive();
}

void OnceCloses() {
  csan::Chan<int> quit;
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
  csan::Chan<int> values;
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
  csan::go([jobs]() mutable {
    for (;;) {  // FINDING: loop-without-cancellation
      auto job = jobs.Receive();
      if (job) Use(*job);
    }
  });
}

void ReceivesUntilClosed(csan::Chan<int> jobs) {
  csan::go([jobs]() mutable {
    while (auto job = jobs.Receive()) Use(*job);
  });
}

void Workers() {
  csan::Chan<int> jobs;
  csan::go([jobs]() mutable {
    for (int job : jobs) Use(job);  // FINDING: loop-without-cancellation
  });
  for (int i = 0; i < 3; i++) jobs.Send(i);
}

void WorkersAreTold() {
  csan::Chan<int> jobs;
  csan::go([jobs]() mutable {
    for (int job : jobs) Use(job);
  });
  for (int i = 0; i < 3; i++) jobs.Send(i);
  jobs.Close();
}

void WorkOn(csan::Chan<int> jobs) {
  for (int job : jobs) Use(job);  // FINDING: loop-without-cancellation
}

void NamedWorkers() {
  csan::Chan<int> jobs;
  csan::go(WorkOn, jobs);
  jobs.Send(1);
}

// Waits that nobody ends.

void ClientMayBeGone(bool gone) {
  csan::Chan<int> reply;
  csan::go([reply]() mutable {  // FINDING: spawn-without-stop
    if (auto value = reply.Receive()) Use(*value);
  });
  if (gone) return;
  reply.Send(Load());
}

void ReplyAlwaysComes(bool gone) {
  csan::Chan<int> reply;
  csan::go([reply]() mutable {
    if (auto value = reply.Receive()) Use(*value);
  });
  if (gone) {
    reply.Close();
    return;
  }
  reply.Send(Load());
}

int MayTimeOut(bool late) {
  csan::Chan<int> answer;
  csan::go([answer]() mutable { answer.Send(Load()); });  // FINDING: spawn-without-stop
  if (late) return 0;
  return *answer.Receive();
}

int MayTimeOutBuffered(bool late) {
  csan::Chan<int> answer(1);
  csan::go([answer]() mutable { answer.Send(Load()); });
  if (late) return 0;
  return *answer.Receive();
}

// Locks.

void SendsWithLock(csan::Chan<int> values) {
  static csan::Mutex mutex;
  std::lock_guard lock(mutex);
  values.Send(1);  // FINDING: lock-held-over-wait
}

void SendsAfterUnlock(csan::Chan<int> values) {
  static csan::Mutex mutex;
  mutex.Lock();
  const int value = Load();
  mutex.Unlock();
  values.Send(value);
}

void RangesWithLock(csan::Chan<int> values) {
  static csan::Mutex mutex;
  std::lock_guard lock(mutex);
  for (int value : values) Use(value);  // FINDING: lock-held-over-wait
}

void TriesWithLock(csan::Chan<int> values) {
  static csan::Mutex mutex;
  std::lock_guard lock(mutex);
  values.TrySend(1);
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
  csan::Chan<int> done;
  csan::go([&value, done]() mutable {  // FINDING: local-outlived
    Use(value);
    done.Close();
  });
  if (early) return;
  done.Receive();
}
