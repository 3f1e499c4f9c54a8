#include "detect/deadlock/file_wait.h"

#include "base/format.h"
#include "detect/evidence.h"
#include "sync/file_lock.h"

namespace csan::deadlock {

bool EndsHere(const FileLockWait& wait) {
  if (DescriptorsWerePassed()) return false;
  bool ours = false;
  const auto visit = [](int fd, void* context) {
    return !(*static_cast<bool*>(context) = !OthersHaveOpenFile(fd));
  };
  ForEachFileLockBefore(wait, visit, &ours);
  return ours;
}

void TellFileLocks(Finding* f, const FileLockWait& wait) {
  const auto visit = [](int fd, void* context) {
    ActorSite taken;
    if (!FindFileLocked(fd, &taken)) return true;
    Line<96> what;
    what.Str("took the lock that is in the way, by descriptor ").Dec(static_cast<u64>(fd));
    AddStep(static_cast<Finding*>(context), taken.actor, what.data(), 0, taken.site);
    return true;
  };
  ForEachFileLockBefore(wait, visit, f);
}

}  // namespace csan::deadlock
