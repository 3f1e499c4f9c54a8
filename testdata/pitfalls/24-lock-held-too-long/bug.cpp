// KIND: long-hold
// OPTIONS: long_hold_ms=500
// The lock is held while the new settings are fetched: nobody can look anything up meanwhile.
#include "settings.h"

class Settings {
 public:
  void Renew() {
    std::lock_guard lock(mutex_);  // RACE
    values_ = Fetch();
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
