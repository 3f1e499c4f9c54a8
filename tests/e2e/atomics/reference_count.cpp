// KIND: data-race
// Relaxed increment, release decrement, acquire fence before the destruction.
#include "../support/order.h"
#include <atomic>
struct Object {
  std::atomic<int> references{2};
  int payload = 0;
};
Object* object = new Object;

static void Drop(bool fence) {
  if (object->references.fetch_sub(1, std::memory_order_release) == 1) {
    if (fence) std::atomic_thread_fence(std::memory_order_acquire);
    object->payload = -1;  // RACE
  }
}

int main() {
  InTurn(
      [] {
        object->payload = 1;  // RACE
        Drop(true);
      },
      [] { Drop(!BUG); });
}
