// The new settings are fetched first, and only put in place under the lock.
#include "settings.h"

class Settings {
 public:
  void Renew() {
    Values fresh = Fetch();
    std::lock_guard lock(mutex_);
    values_.swap(fresh);
  }
  std::string Get(const std::string& key) {
    std::lock_guard lock(mutex_);
    return values_[key];
  }

 private:
  std::mutex mutex_;
  Values values_;
};

int main() { return Run<Settings>(); }
