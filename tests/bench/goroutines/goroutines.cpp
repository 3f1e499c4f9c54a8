// usage: goroutines COUNT HEAP_MB
//
// So many goroutines wait in a receive while the heap holds so much, in small blocks that point to each
// other. Prints what they take, how long a search for leaks takes, and what is left when they have ended.
#include <csan/annotate.h>
#include <csan/go.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

namespace {

struct Node {
  Node* left;
  Node* right;
  long rest[6];
};

std::vector<Node*> Heap(std::size_t bytes) {
  std::vector<Node*> nodes;
  nodes.reserve(bytes / sizeof(Node));
  unsigned long random = 1;
  while (nodes.size() < bytes / sizeof(Node)) {
    Node* const node = new Node{};
    random = random * 6364136223846793005 + 1442695040888963407;
    if (!nodes.empty()) node->left = nodes[(random >> 33) % nodes.size()];
    if (!nodes.empty()) node->right = nodes.back();
    nodes.push_back(node);
  }
  return nodes;
}

long ResidentKb() {
  std::ifstream statm("/proc/self/statm");
  long whole = 0, resident = 0;
  statm >> whole >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

double MsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

// As small as it gets, so that what has been given back is seen.
long LeastKb(long than) {
  long least = ResidentKb();
  for (int i = 0; i < 25 && least > than; i++) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    least = std::min(least, ResidentKb());
  }
  return least;
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 10000;
  const std::vector<Node*> heap = Heap((argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0) << 20);
  const auto stop = csan::MakeChan<int>();
  csan::WaitGroup ready, done;
  ready.Add(count);
  done.Add(count);
  const long before = ResidentKb();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < count; i++) {
    csan::go([&] {
      ready.Done();
      stop.Receive();
      done.Done();
    });
  }
  ready.Wait();
  const double made = MsSince(begin);
  const long waiting = LeastKb(before);
  const auto search = std::chrono::steady_clock::now();
  const int leaks = csan_check_leaks();
  std::printf("check_ms %.1f\n", MsSince(search));
  std::printf("made_us %.2f\n", made * 1000 / count);
  std::printf("waiting_bytes %ld\n", (waiting - before) * 1024 / count);
  const auto end = std::chrono::steady_clock::now();
  stop.Close();
  done.Wait();
  std::printf("ended_us %.2f\n", MsSince(end) * 1000 / count);
  std::printf("left_bytes %ld\n", (LeastKb(before) - before) * 1024 / count);
  return leaks == 0 ? 0 : 1;
}
