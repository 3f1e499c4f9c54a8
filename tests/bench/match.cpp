// The match finder of a fast compressor: at each position unaligned reads of eight and four bytes, two
// tables of hashes that are read and written, and matches compared eight bytes at a time.
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "common.h"

namespace {

constexpr size_t kBlock = 256 << 10;
constexpr unsigned kTableBits = 15;

template <typename T>
T Load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

// Two thirds words that repeat, one third noise.
std::string Input(size_t blocks) {
  Random random(7);
  std::vector<std::string> words(3000);
  for (std::string& word : words) {
    for (uint64_t n = 3 + random.Next() % 9; n > 0; n--) {
      word += static_cast<char>('a' + random.Next() % 26);
    }
  }
  std::string input;
  while (input.size() < blocks * kBlock) {
    if (input.size() % kBlock < kBlock / 3 * 2) {
      input += words[random.Next() % words.size()] + ' ';
    } else {
      input += static_cast<char>(random.Next());
    }
  }
  return input;
}

class Finder {
 public:
  Finder() : long_(1 << kTableBits), short_(1 << kTableBits) {}

  // The bytes of the block that repeat others before them.
  [[gnu::noinline]] size_t Matched(const char* block) {
    size_t matched = 0;
    size_t at = 1;
    while (at + 16 < kBlock) {
      const uint64_t here = Load<uint64_t>(block + at);
      uint32_t& last_long = long_[here * 0x9E3779B185EBCA87 >> (64 - kTableBits)];
      uint32_t& last_short = short_[Load<uint32_t>(block + at) * 0x9E3779B1u >> (32 - kTableBits)];
      const size_t far = last_long % kBlock;
      const size_t near = last_short % kBlock;
      last_long = last_short = static_cast<uint32_t>(at);
      size_t length = 0;
      if (far < at && Load<uint64_t>(block + far) == here) {
        length = 8 + Common(block + far + 8, block + at + 8, block + kBlock - 8);
      } else if (near < at && Load<uint32_t>(block + near) == Load<uint32_t>(block + at)) {
        length = 4 + Common(block + near + 4, block + at + 4, block + kBlock - 8);
      }
      matched += length;
      at += length > 0 ? length : 1;
    }
    return matched;
  }

 private:
  // How many bytes are the same.
  static size_t Common(const char* a, const char* b, const char* end) {
    size_t n = 0;
    while (b + n < end) {
      const uint64_t differ = Load<uint64_t>(a + n) ^ Load<uint64_t>(b + n);
      if (differ != 0) return n + static_cast<size_t>(__builtin_ctzl(differ)) / 8;
      n += 8;
    }
    return n;
  }

  std::vector<uint32_t> long_;
  std::vector<uint32_t> short_;
};

}  // namespace

int main(int argc, char** argv) {
  const size_t blocks = 64;
  const long rounds = Scaled(256, argc, argv);
  const std::string input = Input(blocks);
  std::mutex mutex;
  long next = 0;
  size_t total = 0;
  InTwoThreads([&](int) {
    for (;;) {
      std::unique_lock lock(mutex);
      if (next == rounds) return;
      const long mine = next++;
      lock.unlock();
      const size_t matched =
          Finder().Matched(input.data() + static_cast<size_t>(mine) % blocks * kBlock);
      lock.lock();
      total += matched;
    }
  });
  std::printf("%zu\n", total);
}
