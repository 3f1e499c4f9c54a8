// KIND: goroutine-leak
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// A goroutine waits for what nobody does, in the last call of a function, which optimisation makes a jump.
#include <csan/annotate.h>
#include <csan/go.h>

#include <memory>

__attribute__((noinline)) void Await(csan::WaitGroup& group) {
  group.Wait();  // RACE
}

int main() {
  csan::go([] {
    const auto group = std::make_unique<csan::WaitGroup>();
    if (BUG) group->Add(1);
    Await(*group);
  });
  // It begins to wait soon.
  for (int i = 0; BUG && i < 10000 && csan_check_leaks() == 0; i++) csan::Yield();
}
