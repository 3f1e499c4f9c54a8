// KIND: data-race
// FLAGS: -mcx16
// An atomic of 16 bytes releases; a relaxed one does not, and a plain read of its upper half races.
#include "../support/order.h"
__attribute__((aligned(16))) unsigned __int128 word;
int data;
volatile long seen;

int main() {
  InTurn(
      [] {
        data = 1;
        __atomic_fetch_add(&word, 1, __ATOMIC_ACQ_REL);  // RACE
      },
      [] {
#if BUG
        seen = reinterpret_cast<volatile long*>(&word)[1];  // RACE
#else
        while (__atomic_load_n(&word, __ATOMIC_ACQUIRE) != 1) {}
        seen = data;
        seen = reinterpret_cast<volatile long*>(&word)[1];
#endif
      });
}
