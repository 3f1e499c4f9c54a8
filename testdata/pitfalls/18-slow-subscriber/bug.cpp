// KIND: deadlock
// Publish waits for a slow subscriber with the lock held that the subscriber needs to leave.
#include "news.h"

namespace {

class Publisher {
 public:
  Mailbox Subscribe() {
    const std::lock_guard lock(mutex_);
    return subscribers_.emplace_back(csan::MakeChan<int>());
  }
  void Cancel(const Mailbox& mailbox) {
    const std::lock_guard lock(mutex_);  // RACE: the subscriber waits for the lock
    std::erase(subscribers_, mailbox);
  }
  template <typename Then = void (*)()>
  void Publish(int item, Then begun = [] {}) {
    const std::lock_guard lock(mutex_);  // RACE: taken here
    begun();
    for (const Mailbox& one : subscribers_) one.Send(item);  // RACE: waits for the subscriber
  }

 private:
  csan::Mutex mutex_;
  std::vector<Mailbox> subscribers_;
};

}  // namespace

int main() { Run<Publisher>(); }
