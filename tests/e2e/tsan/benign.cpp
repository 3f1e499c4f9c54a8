// KIND: data-race
// A race that is declared harmless is not reported, until its memory becomes something else.
#include <stdlib.h>

#include "../support/order.h"

extern "C" {
void AnnotateBenignRace(const char*, int, const volatile void*, const char*);
void AnnotateBenignRaceSized(const char*, int, const volatile void*, unsigned long, const char*);
}

int statistic, other[4];
int* block;

int main() {
  AnnotateBenignRace(__FILE__, __LINE__, &statistic, "counts roughly");
  AnnotateBenignRaceSized(__FILE__, __LINE__, other, sizeof(other), "counts roughly");
  block = static_cast<int*>(malloc(sizeof(int)));
  AnnotateBenignRaceSized(__FILE__, __LINE__, block, sizeof(int), "counts roughly");
  if (BUG) {
    // The declaration ends with the block, even if the next one lies there.
    const auto was = reinterpret_cast<unsigned long>(block);
    free(block);
    block = nullptr;
    for (int i = 0; i < 100000 && reinterpret_cast<unsigned long>(block) != was; i++) {
      free(block);
      block = static_cast<int*>(malloc(sizeof(int)));
    }
  }
  InTurn(
      [] {
        statistic++;
        other[3]++;
        ++*block;  // RACE
      },
      [] {
        statistic++;
        other[3]++;
        ++*block;  // RACE
      });
}
