// A mailbox has room for a few items; who is slower than that misses some.
#include "news.h"

namespace {

class Publisher {
 public:
  Mailbox Subscribe() {
    const std::lock_guard lock(mutex_);
    return subscribers_.emplace_back(csan::MakeChan<int>(2));
  }
  void Cancel(const Mailbox& mailbox) {
    const std::lock_guard lock(mutex_);
    std::erase(subscribers_, mailbox);
  }
  template <typename Then = void (*)()>
  void Publish(int item, Then begun = [] {}) {
    const std::lock_guard lock(mutex_);
    begun();
    for (const Mailbox& one : subscribers_) {
      if (!one.TrySend(item)) missed_++;
    }
  }

 private:
  csan::Mutex mutex_;
  std::vector<Mailbox> subscribers_;
  int missed_ = 0;
};

}  // namespace

int main() { Run<Publisher>(); }
