// Several threads, all made before the first one acts, that act one after another without an order that
// counts.
#pragma once

#include <thread>
#include <vector>

#include "../support/order.h"

template <typename Act>
void EachInTurn(int n, Act act) {
  std::vector<std::thread> threads;
  for (int i = 0; i < n; i++) {
    threads.emplace_back([=] {
      AwaitStep(2000 + i);
      act(i);
      ReachStep(2000 + i + 1);
    });
  }
  ReachStep(2000);
  for (std::thread& t : threads) t.join();
}
