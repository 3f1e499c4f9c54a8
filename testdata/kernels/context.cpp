// Contexts that nobody cancels, or that nobody listens to.
#include "kernel.h"

using csan::Background, csan::OnReceive, csan::OnSend, csan::Select, csan::WithCancel;

KERNEL(CancelForgotten, "goroutine-leak") {
  const auto [context, cancel] = WithCancel(Background());
  csan::go([context = context] {
    context.Done().Receive();  // RACE
  });
  if (!BUG) cancel();
}

KERNEL(DoneNotSelected, "goroutine-leak") {
  const auto [context, cancel] = WithCancel(Background());
  const auto jobs = MakeChan<int>();
  csan::go([context = context, jobs] {
    while (context.Err() == csan::ContextError::kNone) {
      if (BUG) jobs.Receive();  // RACE
      if (!BUG) Select(OnReceive(jobs), OnReceive(context.Done()));
    }
  });
  jobs.Send(1);
  jobs.Send(2);
  if (!BUG) cancel();
}

// Derived from the background, the child does not end with the request.
KERNEL(NotDerived, "goroutine-leak") {
  const auto [request, end] = WithCancel(Background());
  const auto [query, cancel] = WithCancel(BUG ? Background() : request);
  csan::go([query = query] {
    query.Done().Receive();  // RACE
  });
  end();
}

KERNEL(ResultAfterCancel, "goroutine-leak") {
  const auto [context, cancel] = WithCancel(Background());
  const auto result = MakeChan<int>();
  csan::go([context = context, result] {
    context.Done().Receive();
    if (BUG) result.Send(1);  // RACE
    if (!BUG) Select(OnSend(result, 1), OnReceive(context.Done()));
  });
  cancel();
}

KERNEL(BackgroundIsNeverDone, "nil-channel-block") {
  const auto [context, cancel] = WithCancel(Background());
  WaitGroup group;
  group.Go([context = BUG ? Background() : context] {
    context.Done().Receive();  // RACE
  });
  cancel();
  group.Wait();
}

KERNEL(GroupWaitsForParent, "deadlock") {
  const auto [parent, cancel] = WithCancel(Background());
  csan::ErrGroup group(parent);
  group.Go([context = group.context()] {
    context.Done().Receive();  // RACE
  });
  if (!BUG) cancel();
  group.Wait();  // RACE
  cancel();
}

KERNEL(GroupLimitTooSmall, "deadlock") {
  csan::ErrGroup group;
  const auto halves = MakeChan<int>();
  group.SetLimit(BUG ? 1 : 2);
  group.Go([&] {
    halves.Send(1);  // RACE
  });
  group.Go([&] { halves.Receive(); });  // RACE
  group.Wait();
}

KERNEL(ErrorNobodyHeeds, "deadlock") {
  csan::ErrGroup group;
  const auto pages = MakeChan<int>();
  group.Go([] { throw std::runtime_error("no page"); });
  group.Go([&, context = group.context()] {
    if (BUG) pages.Receive();  // RACE
    if (!BUG) Select(OnReceive(pages), OnReceive(context.Done()));
  });
  try {
    group.Wait();
  } catch (const std::runtime_error&) {
  }
}

KERNEL(FlightWithoutDeadline, "deadlock") {
  csan::Singleflight<int, int> flights;
  const auto backend = MakeChan<int>();
  WaitGroup callers;
  const auto [context, cancel] =
      csan::WithTimeout(Background(), std::chrono::milliseconds(BUG ? 0 : 1));
  for (int i = 0; i < 2; i++) {
    callers.Go([&, context = context] {
      flights.Do(1, [&] {
        if (BUG) return backend.Receive();  // RACE
        Select(OnReceive(backend), OnReceive(context.Done()));
        return 0;
      });
    });
  }
  callers.Wait();
  cancel();
}
