#include "merge.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <tuple>

#include "kinds.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "place.h"
#include "text_util.h"

namespace csan::report {

using common::Finding;
using common::Records;
using llvm::StringRef;

std::string KeyOf(const Finding& finding) {
  // Fingerprints of schema 1 say something else.
  return finding.kind.str() + (finding.schema == 1 ? "/1/" : "/") +
         FingerprintText(finding.fingerprint);
}

void Merged::Add(Records records, StringRef file) {
  files_++;
  const common::Name name = file;
  for (Finding& finding : records.findings) {
    records_ += finding.count;
    const auto [at, is_first] = by_key_.try_emplace(KeyOf(finding), entries_.size());
    if (is_first) {
      entries_.push_back({std::move(finding), 1, name});
      continue;
    }
    Entry& entry = entries_[at->second];
    entry.finding.count += finding.count;
    if (entry.last_file != name) entry.files++;
    entry.last_file = name;
  }
  for (std::string& problem : records.problems) problems_.push_back(std::move(problem));
  for (const auto& [line, matches] : records.suppressions) suppressions_[line] += matches;
}

void Merged::Merge(const Merged& other) {
  records_ += other.records_;
  files_ += other.files_;
  for (const Entry& theirs : other.entries_) {
    const auto [at, is_first] = by_key_.try_emplace(KeyOf(theirs.finding), entries_.size());
    if (is_first) {
      entries_.push_back(theirs);
      continue;
    }
    entries_[at->second].finding.count += theirs.finding.count;
    entries_[at->second].files += theirs.files;
  }
  problems_.insert(problems_.end(), other.problems_.begin(), other.problems_.end());
  remarks_.insert(remarks_.end(), other.remarks_.begin(), other.remarks_.end());
  for (const auto& [line, matches] : other.suppressions_) suppressions_[line] += matches;
}

void Merged::Sort() {
  using Key = std::tuple<bool, StringRef, StringRef, uint64_t, uint64_t, uint64_t>;
  std::vector<std::pair<Key, Entry*>> order;
  for (Entry& entry : entries_) {
    static const common::Frame kNone;
    const Finding& f = entry.finding;
    const common::Frame* frame = PrimaryFrame(f);
    if (frame == nullptr) frame = &kNone;
    order.push_back(
        {{IsNote(f.kind), f.kind, frame->file, frame->line, f.fingerprint, f.schema}, &entry});
  }
  llvm::sort(order, llvm::less_first());
  std::vector<Entry> sorted;
  sorted.reserve(order.size());
  for (const auto& [key, entry] : order) sorted.push_back(std::move(*entry));
  entries_ = std::move(sorted);
  by_key_.clear();
  for (size_t i = 0; i < entries_.size(); i++) by_key_[KeyOf(entries_[i].finding)] = i;
}

namespace {

// Links are not followed: a folder of logs holds files.
void ListFolder(const std::string& folder, std::vector<std::string>* files, Merged* merged) {
  std::error_code error;
  llvm::sys::fs::recursive_directory_iterator at(folder, error, /*follow_symlinks=*/false);
  const llvm::sys::fs::recursive_directory_iterator end = {};
  std::vector<std::string> found;
  for (; !error && at != end; at.increment(error)) {
    if (at->type() == llvm::sys::fs::file_type::regular_file) found.push_back(at->path());
  }
  if (error) merged->AddProblem(folder + ": cannot be read: " + error.message() + ".");
  std::sort(found.begin(), found.end());
  files->insert(files->end(), found.begin(), found.end());
}

// In batches, so that the records of equal bugs are let go soon.
void ReadFiles(const std::vector<std::string>& files, Merged* merged) {
  constexpr size_t kBatch = 64;
  const size_t workers = std::max(1u, std::thread::hardware_concurrency());
  for (size_t begin = 0; begin < files.size(); begin += kBatch) {
    const size_t n = std::min(kBatch, files.size() - begin);
    std::vector<Records> read(n);
    std::atomic<size_t> next = 0;
    const auto work = [&] {
      for (size_t i; (i = next++) < n;) read[i] = common::ReadRecordFile(files[begin + i]);
    };
    std::vector<std::thread> threads;
    for (size_t i = 1; i < std::min(workers, n); i++) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();
    for (size_t i = 0; i < n; i++) merged->Add(std::move(read[i]), files[begin + i]);
  }
}

}  // namespace

Merged ReadAll(const std::vector<std::string>& paths) {
  Merged merged;
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (llvm::sys::fs::is_directory(path)) {
      ListFolder(path, &files, &merged);
    } else {
      files.push_back(path);
    }
  }
  ReadFiles(files, &merged);
  merged.Sort();
  return merged;
}

}  // namespace csan::report
