// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
// New locks where others were: their order is their own.
#include "pair.h"

struct Locks {
  std::mutex first, second;
};
Locks* locks;

UNSEEN Locks& Now() { return *locks; }
UNSEEN void Use(Locks* fresh) { locks = fresh; }

void Renew() {
  Locks* const was = &Now();
  // Freed memory waits before it is handed out again.
  do {
    delete &Now();
    Use(new Locks);
  } while (&Now() != was);
}

int main() {
  Use(new Locks);
  InTurn(
      [] {
        TakeBoth(Now().first, Now().second);  // RACE
        if (!BUG) Renew();
      },
      [] { TakeBoth(Now().second, Now().first); });  // RACE
}
