/// Makes the GoogleTest that runs when CSan finds something fail by its own name.
///
///     #include <csan/gtest.h>    // in at least one source file of the test program, built with the flag
///
/// Nothing has to be called. Each finding fails the test during which it was reported; one that comes
/// between two tests fails the one that ends next, and one after the last (a leak of threads, say) is
/// left to the exit code, as everything is besides. A finding of a death test's child is the child's: its
/// report is on standard error, and its exit code is that of a program with findings. Tests that run in
/// parallel within one process share the blame: a finding names its threads, not its test.
///
/// Findings are kept until a test ends and told there, because one may be made while this thread holds
/// GoogleTest's own lock. Takes __csan_on_report (<csan/report.h>) for itself: a program that defines it
/// too cannot be linked. Does nothing in a program built without the flag.
#ifndef CSAN_GTEST_H
#define CSAN_GTEST_H

#include <csan/report.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

namespace csan::gtest_listener {

// In the order reversed of their reports. Made of malloc only: the callback runs where a report is made.
struct Finding {
  Finding* next;
  char record[1];  // as long as it is
};
inline std::atomic<Finding*> findings;

/// The text of the record's first field of this name; empty if there is none.
inline std::string Field(const char* record, const char* name) {
  const std::string key = std::string("\"") + name + "\":\"";
  const char* at = std::strstr(record, key.c_str());
  if (at == nullptr) return "";
  at += key.size();
  return std::string(at, std::strcspn(at, "\""));
}

class Listener : public ::testing::EmptyTestEventListener {
  void OnTestEnd(const ::testing::TestInfo&) override {
    Finding* first = nullptr;
    for (Finding* last = findings.exchange(nullptr, std::memory_order_relaxed); last != nullptr;) {
      Finding* const next = last->next;
      last->next = first;
      first = last;
      last = next;
    }
    while (first != nullptr) {
      ADD_FAILURE() << "CSan: " << Field(first->record, "kind") << ", fingerprint "
                    << Field(first->record, "fingerprint") << ": see its report.";
      Finding* const next = first->next;
      std::free(first);
      first = next;
    }
  }
};

inline bool Listen() {
  ::testing::UnitTest::GetInstance()->listeners().Append(new Listener);
  return true;
}
inline const bool listening = Listen();

}  // namespace csan::gtest_listener

// Weak, so that several files may include this.
extern "C" __attribute__((weak, used)) void __csan_on_report(const char* record) {
  using csan::gtest_listener::Finding;
  using csan::gtest_listener::findings;
  const std::size_t size = std::strlen(record) + 1;
  auto* const finding = static_cast<Finding*>(std::malloc(sizeof(Finding) + size));
  if (finding == nullptr) return;
  std::memcpy(finding->record, record, size);
  finding->next = findings.load(std::memory_order_relaxed);
  while (!findings.compare_exchange_weak(finding->next, finding, std::memory_order_relaxed)) {
  }
}

#endif  // CSAN_GTEST_H
