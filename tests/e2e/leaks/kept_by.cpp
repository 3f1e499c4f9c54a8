// KIND: goroutine-leak
// What can be reached from somewhere is no leak: a global variable, a block that one leads to, a thread-local
// variable, the stack of who can run, and of who can run again because of one of these.
#include <cstring>
#include <memory>

#include "../support/goroutine.h"

struct Box {
  Box* next;
  Channel* channel;
};
Box* global;
thread_local Box* local;

void Receive(void* channel) {
  int value = 0;
  static_cast<Channel*>(channel)->Receive(&value);  // RACE
}
// Waits itself, for something that a global leads to; then it would close another.
void CloseLater(void* both) {
  Channel* first = static_cast<Box*>(both)->channel;
  Channel* second = static_cast<Box*>(both)->next->channel;
  int value = 0;
  first->Receive(&value);
  second->Close();
}

UNSEEN void Start(Box* box) {
  box->channel = new Channel;
  Go(Receive, box->channel);
}

int main() {
  Box on_stack = {nullptr, nullptr};
  Box* volatile kept = &on_stack;
  global = new Box{new Box{nullptr, nullptr}, nullptr};
  local = new Box{nullptr, nullptr};
  Start(global->next);
  Start(local);
  Start(kept);
  Box* chain = new Box{new Box{nullptr, nullptr}, new Channel};
  Start(chain->next);
  global->channel = chain->channel;
  Go(CloseLater, chain);
  chain = nullptr;
  if (BUG) Start(std::make_unique<Box>().get());
  RunAll();
  WipeStack();
  const int found = csan_check_leaks();
  if (found != BUG) return 3;
  // At the end none of them is anybody's; a policy of the program's own.
  for (int i = 0; i < goroutine_count; i++) __csan_actor_daemon(goroutines[i].actor);
  return kept->channel != nullptr ? 0 : 4;
}
