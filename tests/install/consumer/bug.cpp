// Two threads count without a lock.
#include <thread>

static int count = 0;

static void Count() {
  for (int i = 0; i < 1000; i++) count++;
}

int main() {
  std::thread one(Count);
  std::thread two(Count);
  one.join();
  two.join();
  return count < 0;
}
