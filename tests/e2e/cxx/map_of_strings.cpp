// KIND: data-race
// A container shared without its lock.
#include "../support/order.h"
#include <map>
#include <mutex>
#include <string>
std::mutex m;
std::map<std::string, int> table;

static void Add(const std::string& key, bool locked) {
  std::unique_lock lock(m, std::defer_lock);
  if (locked) lock.lock();
  table[key]++;
}

int main() {
  InTurn([] { Add("a", true); }, [] { Add("b", !BUG); });
}
