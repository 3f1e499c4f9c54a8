// Runs a command some times, several at a time, and collects the records of all its processes.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "child.h"
#include "environment.h"
#include "merge.h"
#include "progress.h"

namespace csan::tool {

struct RunPlan {
  std::vector<std::string> command;
  uint64_t times = 1;   // each of all shards; 0: until something is found
  uint64_t shards = 1;  // that a run is split into here
  uint64_t at_once = 1;
  std::chrono::seconds limit{0};  // of one run; 0: none
  bool until_found = false;
  Shard shard;         // ours of all machines
  std::string folder;  // where records and outputs go
};

class Runner {
 public:
  explicit Runner(const RunPlan& plan);

  // False, with a sentence in trouble(), if the command cannot be started. What has been run by then
  // counts.
  bool Run();

  report::Merged& merged() { return merged_; }
  // Why not everything was run, or is what it should be; empty if it is.
  const std::vector<std::string>& trouble() const { return trouble_; }

 private:
  struct Job {
    Child child;
    uint64_t number;  // from 1
    std::string folder;
    Child::Clock::time_point next_kill;
  };

  bool CaptureOutput() const { return plan_.times * plan_.shards != 1; }
  uint64_t Findings() const { return merged_.entries().size(); }
  bool MoreToStart() const;
  bool StartNext();
  void Watch(int signal);
  void Finish(Job& job);
  void ShowOutput(const Job& job);

  const RunPlan& plan_;
  Progress progress_;
  report::Merged merged_;
  std::vector<Job> jobs_;
  std::vector<std::string> trouble_;
  uint64_t started_ = 0;
  bool stopping_ = false;
};

}  // namespace csan::tool
