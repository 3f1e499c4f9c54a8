// KIND: deadlock
// FLAGS: -lboost_thread -lboost_system
// A reader of Boost's shared mutex wants to write as well: by the lock that can be upgraded it may.
#include <boost/thread/lock_types.hpp>
#include <boost/thread/shared_mutex.hpp>

boost::shared_mutex mutex;
int value;

int main() {
  if (BUG) {
    boost::shared_lock<boost::shared_mutex> reads(mutex);
    boost::unique_lock<boost::shared_mutex> writes(mutex);  // RACE
    value = 1;
  } else {
    boost::upgrade_lock<boost::shared_mutex> reads(mutex);
    boost::upgrade_to_unique_lock<boost::shared_mutex> writes(reads);
    value = 1;
  }
}
