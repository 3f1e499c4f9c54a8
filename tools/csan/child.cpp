#include "child.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace csan::tool {

namespace {

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& string : strings) pointers.push_back(const_cast<char*>(string.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// In the child. Gives the reason back through the pipe if it cannot be run.
[[noreturn]] void Run(char** command, char** environment, const char* output, int tell) {
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (*output != 0) {
    // Of several at a time, none can have the terminal.
    const int in = open("/dev/null", O_RDONLY);
    const int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (in >= 0) dup2(in, 0);
    if (out >= 0) dup2(out, 1), dup2(out, 2);
  }
  execvpe(command[0], command, environment);
  const int reason = errno;
  if (write(tell, &reason, sizeof(reason)) < 0) _exit(126);
  _exit(127);
}

}  // namespace

absl::StatusOr<Child> Child::Start(const std::vector<std::string>& command,
                                   const std::vector<std::string>& environment,
                                   const std::string& output) {
  std::vector<char*> words = Pointers(command);
  std::vector<char*> variables = Pointers(environment);
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0) {
    return absl::UnavailableError(std::string("no pipe: ") + strerror(errno) + ".");
  }
  Child child;
  child.started_ = Clock::now();
  child.pid_ = fork();
  if (child.pid_ == 0) Run(words.data(), variables.data(), output.c_str(), pipe[1]);
  const int fork_error = errno;
  close(pipe[1]);
  int reason = child.pid_ < 0 ? fork_error : 0;
  if (child.pid_ > 0) {
    setpgid(child.pid_, child.pid_);  // whoever of the two is first
    while (read(pipe[0], &reason, sizeof(reason)) < 0 && errno == EINTR) {
    }
  }
  close(pipe[0]);
  if (reason == 0) return child;
  if (child.pid_ > 0) waitpid(child.pid_, nullptr, 0);
  return absl::InvalidArgumentError("cannot run '" + command[0] + "': " + strerror(reason) + ".");
}

bool Child::Ended() {
  if (pid_ == 0) return true;
  siginfo_t info = {};
  if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      info.si_pid != pid_) {
    return false;
  }
  // What it started and did not wait for has been asked to end as well.
  if (killed()) kill(-pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  if (WIFEXITED(status)) exit_code_ = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) signal_ = WTERMSIG(status);
  return true;
}

void Child::Kill() {
  if (pid_ == 0) return;
  kill(-pid_, kills_++ == 0 ? SIGTERM : SIGKILL);
}

}  // namespace csan::tool
