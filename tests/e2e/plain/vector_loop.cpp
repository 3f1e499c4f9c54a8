// KIND: data-race
// A vectorised loop over an array, racing at one element.
#include "../support/order.h"
float x[1024], y[1024];

__attribute__((noinline)) static void Add(const float* a, float* b, int n) {
  for (int i = 0; i < n; i++) b[i] += a[i];  // RACE
}

int main() {
  InTurn([] { Add(x, y, 1000); },
         [] {
           y[BUG ? 777 : 1001] = 1;  // RACE
         });
}
