// The queue is closed first; the writer ends when it has written what was in it.
#include <csan/go.h>

#include <cstdio>
#include <string>

namespace {

class Log {
 public:
  Log() {
    writer_.Go([this] {
      for (const std::string& line : lines_) Write(line);
    });
  }
  ~Log() {
    lines_.Close();
    disk_.Close();
    writer_.Wait();
  }
  void Add(const std::string& line) { lines_.Send(line); }

 private:
  void Write(const std::string& line) {
    disk_.Receive();  // slow: it has been busy until the end
    std::puts(line.c_str());
  }

  csan::Chan<std::string> lines_ = csan::MakeChan<std::string>(8);
  csan::Chan<csan::Unit> disk_ = csan::MakeChan<csan::Unit>();
  csan::WaitGroup writer_;
};

}  // namespace

int main() {
  Log log;
  for (int i = 0; i < 3; i++) log.Add("line " + std::to_string(i));
}
