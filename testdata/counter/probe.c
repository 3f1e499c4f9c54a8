// What a configure step runs: its output and its exit code are read.
#include <stdio.h>

int main(void) {
  puts("probe");
  return 7;
}
