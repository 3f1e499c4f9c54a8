// KIND: data-race
// A wide read overlaps a byte write.
#include "../support/order.h"
#include <cstdint>
#include <cstring>
alignas(8) unsigned char data[16];
uint64_t seen;

int main() {
  InTurn([] { data[5] = 1; },  // RACE
         [] {
#if BUG
           const uint64_t* wide = reinterpret_cast<const uint64_t*>(data);
#else
           const uint64_t* wide = reinterpret_cast<const uint64_t*>(data + 8);
#endif
           seen = *wide;  // RACE
         });
  return static_cast<int>(seen & 0);
}
