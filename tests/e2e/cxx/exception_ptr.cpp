// KIND: data-race
// An exception object handed over by exception_ptr.
#include "../support/order.h"
#include <exception>
#include <stdexcept>
#include <string>
std::exception_ptr slot;
int plain;

int main() {
  for (int i = 0; i < 20; i++) {
    std::exception_ptr p;
    std::thread t([&] {
      try {
        throw std::runtime_error("number " + std::to_string(i));
      } catch (...) {
        p = std::current_exception();
      }
    });
    t.join();
    std::thread u([p] {
      try {
        std::rethrow_exception(p);
      } catch (const std::exception& e) {
        if (e.what()[0] != 'n') __builtin_trap();
      }
    });
    p = nullptr;
    u.join();
  }
  InTurn([] { plain = 1; },  // RACE
         [] {
#if BUG
           plain = 2;  // RACE
#endif
         });
}
