// The group's context ends with the first error, and the group is waited for.
#include <csan/go.h>

#include <cstdio>
#include <stdexcept>

namespace {

constexpr int kUnavailable = 503;

int AskShard(int /*shard*/) { return kUnavailable; }

void Query(int shards) {
  csan::ErrGroup group;
  const auto statuses = csan::MakeChan<int>();
  for (int shard = 0; shard < shards; shard++) {
    group.Go([statuses, shard, context = group.context()] {
      const int status = AskShard(shard);
      if (status == kUnavailable) throw std::runtime_error("a shard is unavailable");
      csan::Select(csan::OnSend(statuses, status), csan::OnReceive(context.Done()));
    });
  }
  bool failed = false;
  for (int shard = 0; shard < shards && !failed; shard++) {
    csan::Select(csan::OnReceive(statuses),
                 csan::OnReceive(group.context().Done(), [&] { failed = true; }));
  }
  group.Wait();
}

}  // namespace

int main() {
  try {
    Query(3);
  } catch (const std::runtime_error& error) {
    std::puts(error.what());
  }
}
