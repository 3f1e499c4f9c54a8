// KIND: goroutine-leak
// The first error ends the query; the other shards' answers are not taken any more.
#include <csan/go.h>

#include <cstdio>
#include <stdexcept>

namespace {

constexpr int kUnavailable = 503;

int AskShard(int /*shard*/) { return kUnavailable; }

void Query(int shards) {
  const auto statuses = csan::MakeChan<int>();
  for (int shard = 0; shard < shards; shard++) {
    csan::go([statuses, shard] {         // RACE: created here
      statuses.Send(AskShard(shard));  // RACE: waits here for ever
    });
  }
  for (int shard = 0; shard < shards; shard++) {
    if (statuses.Receive() == kUnavailable) throw std::runtime_error("a shard is unavailable");
  }
}

}  // namespace

int main() {
  try {
    Query(3);
  } catch (const std::runtime_error& error) {
    std::puts(error.what());
  }
}
