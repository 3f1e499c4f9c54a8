// Records of many processes, shards and machines as one list: equal bugs once, with how often.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "finding.h"
#include "llvm/ADT/StringRef.h"
#include "record_reader.h"

namespace csan::report {

struct Entry {
  common::Finding finding;  // the first that was seen; its count is that of all
  uint64_t files = 0;       // that have it: processes, or merged files
  common::Name last_file;
  bool is_new = true;  // not in the baseline
};

class Merged {
 public:
  void Add(common::Records records, llvm::StringRef file);
  // As if the other's records had been added.
  void Merge(const Merged& other);
  void AddProblem(std::string problem) { problems_.push_back(std::move(problem)); }
  // What is worth knowing, but leaves no finding out.
  void AddRemark(std::string remark) { remarks_.push_back(std::move(remark)); }

  // In an order that does not depend on that of the files: errors before notes, then by kind, place and
  // fingerprint.
  void Sort();

  std::vector<Entry>& entries() { return entries_; }
  const std::vector<Entry>& entries() const { return entries_; }
  const std::vector<std::string>& problems() const { return problems_; }
  const std::vector<std::string>& remarks() const { return remarks_; }
  uint64_t records() const { return records_; }
  uint64_t files() const { return files_; }
  // Lines of suppressions files ("race:f"), and how often each matched.
  const std::map<std::string, uint64_t>& suppressions() const { return suppressions_; }

 private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t> by_key_;
  std::vector<std::string> problems_;
  std::vector<std::string> remarks_;
  std::map<std::string, uint64_t> suppressions_;
  uint64_t records_ = 0;
  uint64_t files_ = 0;
};

// What makes two findings the same: kind and fingerprint, of one schema.
std::string KeyOf(const common::Finding& finding);

// Reads the files named, and all regular files below the folders named. Several at a time; the result
// is as if one after the other.
Merged ReadAll(const std::vector<std::string>& paths);

}  // namespace csan::report
