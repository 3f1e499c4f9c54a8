// KIND: race-with-free
// Far inside a large block there is nothing but an atomic, and nobody has ordered its store before the free.
#include "../support/order.h"
#include <cstdlib>
char* volatile block;

static std::atomic<int>& Flag() { return *reinterpret_cast<std::atomic<int>*>(block + (20 << 20)); }
static void Release() {
  std::free(block);  // RACE
}

int main() {
  block = static_cast<char*>(std::malloc(64 << 20));
#if BUG
  InTurn([] { Flag().store(1, std::memory_order_relaxed); },  // RACE
         [] { Release(); });
#else
  InTurn([] { Flag().store(1, std::memory_order_relaxed); }, [] {});
  Release();
#endif
}
