// A bounded queue with a mutex and two condition variables; items are made by one thread, worked on
// and freed by the other.
#include <condition_variable>
#include <mutex>
#include <vector>

#include "common.h"

namespace {

struct Item {
  uint64_t id;
  uint32_t data[24];
};

class Queue {
 public:
  void Push(Item* item) {
    std::unique_lock lock(mutex_);
    not_full_.wait(lock, [&] { return count_ < items_.size(); });
    items_[(head_ + count_) % items_.size()] = item;
    count_++;
    lock.unlock();
    not_empty_.notify_one();
  }

  Item* Pop() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [&] { return count_ > 0; });
    Item* item = items_[head_];
    head_ = (head_ + 1) % items_.size();
    count_--;
    lock.unlock();
    not_full_.notify_one();
    return item;
  }

 private:
  std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::vector<Item*> items_ = std::vector<Item*>(64);
  size_t head_ = 0;
  size_t count_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const long items = Scaled(1'500'000, argc, argv);
  Queue queue;
  uint64_t sum = 0;
  std::thread producer([&] {
    Random random(3);
    for (long i = 0; i < items; i++) {
      Item* item = new Item;
      item->id = static_cast<uint64_t>(i);
      for (uint32_t& value : item->data) value = static_cast<uint32_t>(random.Next());
      queue.Push(item);
    }
    queue.Push(nullptr);
  });
  std::thread consumer([&] {
    uint64_t mine = 0;
    while (Item* item = queue.Pop()) {
      uint32_t mixed = static_cast<uint32_t>(item->id);
      for (int round = 0; round < 4; round++) {
        for (uint32_t& value : item->data) value = mixed = mixed * 31 + value;
      }
      mine += mixed;
      delete item;
    }
    sum = mine;
  });
  producer.join();
  consumer.join();
  std::printf("%lu\n", sum);
}
