// A goroutine, without the sanitizer.
#include <csan/go.h>

#include <atomic>
#include <chrono>

int main() {
  std::atomic<bool> done{false};
  csan::go([&] { done = true; });
  while (!done) csan::Sleep(std::chrono::milliseconds(1));
}
