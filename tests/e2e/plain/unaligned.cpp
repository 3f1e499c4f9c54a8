// KIND: data-race
// Accesses that begin and end within words meet only where their bytes do, however often they are made.
#include "../support/order.h"
#include <cstdint>
#include <cstring>
alignas(8) unsigned char data[32];

template <typename T>
T Load(const unsigned char* at) {
  T value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

int main() {
  uint64_t sum = 0;
  InTurn(
      [] {
        const uint64_t value = 1;
        std::memcpy(data + 3, &value, sizeof(value));  // RACE
      },
      [&sum] {
        for (int i = 0; i < 3; i++) {
          sum += Load<uint64_t>(data + 17) + Load<uint16_t>(data + 15);
#if BUG
          sum += Load<uint32_t>(data + 10);  // RACE
#else
          sum += Load<uint32_t>(data + 11);
#endif
        }
      });
  return static_cast<int>(sum & 0);
}
