// Reserves more addresses than have a shadow, a piece at a time: the answer is ENOMEM in the end, and
// each piece that was had can be used.
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

int main() {
  constexpr unsigned long kPiece = 64ul << 30;
  int pieces = 0;
  for (; pieces < 100; pieces++) {
    void* at = mmap(nullptr, kPiece, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) break;
    auto* bytes = static_cast<volatile char*>(at);
    bytes[0] = bytes[kPiece - 1] = 1;
  }
  return pieces > 4 && pieces < 100 && errno == ENOMEM ? 0 : 2;
}
