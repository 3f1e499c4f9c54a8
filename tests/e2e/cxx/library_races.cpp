// KIND: data-race
// What the C++ library does unordered in its own inlined code accuses nobody; what one does beside it does.
#include "../support/order.h"
#include <atomic>
#include <locale>
#include <memory>

const std::ctype<char>& letters = std::use_facet<std::ctype<char>>(std::locale::classic());
std::atomic<std::shared_ptr<int>> shared(std::make_shared<int>(1));
std::atomic<std::weak_ptr<int>> weak;
std::shared_ptr<int> kept = std::make_shared<int>(2);
int plain;

int main() {
  auto narrow = [] {
    for (char c = 'a'; c < 'z'; c++) {
      if (letters.narrow(c, '?') != c) __builtin_trap();
    }
  };
  InTurn(
      [&] {
        narrow();
        if (*shared.load() != 1) __builtin_trap();
        if (weak.load().lock() != nullptr) __builtin_trap();
        std::shared_ptr<int> other;
        if (shared.compare_exchange_strong(other, kept, std::memory_order_relaxed)) __builtin_trap();
#if BUG
        plain = 1;  // RACE
#endif
      },
      [&] {
        narrow();
#if BUG
        plain = 2;  // RACE
#endif
        shared.store(kept, std::memory_order_relaxed);
        weak.store(kept, std::memory_order_relaxed);
      });
}
