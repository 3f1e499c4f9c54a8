// Wait groups whose count is not that of those who are waited for.
#include "kernel.h"

KERNEL(AddInside, "waitgroup-misuse") {
  WaitGroup group;
  const auto ended = MakeChan<Unit>();
  if (!BUG) group.Add(1);
  csan::go([&, ended] {
    if (BUG) group.Add(1);  // RACE
    group.Done();
    ended.Close();
  });
  group.Wait();  // RACE
  ended.Receive();
}

// Others join while somebody waits already.
KERNEL(LateComer, "waitgroup-misuse") {
  WaitGroup group;
  const auto wanted = MakeChan<Unit>(1), ended = MakeChan<Unit>();
  if (!BUG) group.Add(1);
  csan::go([&, wanted, ended] {
    wanted.Receive();
    if (BUG) group.Add(1);  // RACE
    group.Done();
    ended.Close();
  });
  wanted.Send({});
  group.Wait();  // RACE
  ended.Receive();
}

KERNEL(DoneTwice, "waitgroup-misuse") {
  WaitGroup group;
  group.Add(1);
  group.Done();  // RACE
  if (BUG) Recovering([&] { group.Done(); });  // RACE
  group.Wait();
}

KERNEL(TakenBackTooMuch, "waitgroup-misuse") {
  WaitGroup group;
  group.Add(2);  // RACE
  Recovering([&] { group.Add(BUG ? -3 : -2); });  // RACE
  if (!BUG) group.Wait();
}

KERNEL(ErrorSkipsDone, "deadlock") {
  WaitGroup group;
  for (int i = 0; i < 3; i++) {
    group.Add(1);
    csan::go([&group, i] {
      if (BUG && i == 1) return;
      group.Done();
    });
  }
  group.Wait();  // RACE
}

KERNEL(AddOfAllStartsFewer, "deadlock") {
  const std::vector<int> jobs{1, 0, 3};
  WaitGroup group;
  if (BUG) group.Add(3);
  for (int job : jobs) {
    if (job == 0) continue;
    if (!BUG) group.Add(1);
    csan::go([&] { group.Done(); });
  }
  group.Wait();  // RACE
}

KERNEL(MemberWaits, "deadlock") {
  WaitGroup group;
  group.Go([&] {
    if (BUG) group.Wait();  // RACE
  });
  group.Wait();  // RACE
}

KERNEL(WaitBeforeLastJob, "deadlock") {
  WaitGroup group;
  const auto jobs = MakeChan<int>();
  group.Go([&] {
    for (int job : jobs) static_cast<void>(job);  // RACE
  });
  jobs.Send(1);
  if (!BUG) jobs.Close();
  group.Wait();  // RACE
  if (BUG) jobs.Close();
}

KERNEL(PoolWaitsForItself, "deadlock") {
  csan::WorkerPool pool(1);
  const auto inner = MakeChan<Unit>(BUG ? 0 : 1);
  const auto outer = MakeChan<Unit>(1);
  pool.Submit([&] {
    if (BUG) pool.Submit([&] { inner.Send({}); });  // RACE
    outer.Send({});
  });
  outer.Receive();  // RACE
  pool.Close();
}
