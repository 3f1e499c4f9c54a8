// Word counts: strings, a hash map with many small blocks, a sort.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common.h"

int main(int argc, char** argv) {
  const long words = Scaled(400'000, argc, argv);
  std::string text;
  Random random(5);
  for (long i = 0; i < words; i++) {
    const uint64_t length = 2 + random.Next() % 7;
    for (uint64_t k = 0; k < length; k++) {
      text += static_cast<char>('a' + random.Next() % (k != 0 ? 4 : 20));
    }
    text += ' ';
  }
  uint64_t sums[2] = {};
  InTwoThreads([&](int thread) {
    uint64_t sum = 0;
    for (int round = 0; round < 4; round++) {
      std::unordered_map<std::string, int> counts;
      std::string word;
      for (char c : text) {
        if (c == ' ') {
          counts[word]++;
          word.clear();
        } else {
          word.push_back(round % 2 == 0 ? c : static_cast<char>(c - 'a' + 'A'));
        }
      }
      std::vector<std::pair<int, std::string>> sorted;
      for (const auto& [key, count] : counts) sorted.emplace_back(count, key);
      std::sort(sorted.begin(), sorted.end());
      sum += static_cast<uint64_t>(sorted.back().first) + sorted.size();
    }
    sums[thread] = sum;
  });
  std::printf("%lu\n", sums[0] + sums[1]);
}
