// A race on each kind of memory whose place the kernel chooses: image, heap, stack, mmap, TLS. Prints its
// arguments and what it was started with, which a restart must not lose.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "../e2e/support/order.h"

namespace {

int in_image;
thread_local int in_tls;

// A function for each, for equal races are reported once.
template <int>
void Touch(int* at, bool racy) {
  InTurn([=] { *at = 1; },
         [=] {
           if (racy) *at = 2;
         });
}

}  // namespace

int main(int argc, char** argv) {
  const bool racy = argc > 1 && argv[1][0] == 'r';
  int on_stack = 0;
  auto* in_heap = static_cast<int*>(std::malloc(sizeof(int)));
  auto* mapped = static_cast<int*>(
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  Touch<0>(&in_image, racy);
  Touch<1>(&in_tls, racy);
  Touch<2>(&on_stack, racy);
  Touch<3>(in_heap, racy);
  Touch<4>(mapped, racy);
  std::printf("%s\n", argv[argc - 1]);
  std::printf("%s\n", std::getenv("PLACE"));
  char line[64] = "";
  std::printf("%s", std::fgets(line, sizeof(line), stdin));
  std::free(in_heap);
}
