// KIND: channel-unread
// A log's writer stops as soon as it is told to; the lines that wait in its queue are never written.
#include <csan/go.h>

#include <cstdio>
#include <string>

namespace {

class Log {
 public:
  Log() {
    writer_.Go([this] {
      while (!stop_.TryReceive()) {
        csan::Select(csan::OnReceive(lines_, [this](const std::string& line) { Write(line); }),
                     csan::OnReceive(stop_));
      }
    });
  }
  ~Log() {
    stop_.Close();
    disk_.Close();
    writer_.Wait();
    lines_.Close();  // RACE: closed with lines in it
  }
  void Add(const std::string& line) { lines_.Send(line); }  // RACE: sent here

 private:
  void Write(const std::string& line) {
    disk_.Receive();  // slow: it has been busy until the end
    std::puts(line.c_str());
  }

  csan::Chan<std::string> lines_ = csan::MakeChan<std::string>(8);
  csan::Chan<csan::Unit> stop_ = csan::MakeChan<csan::Unit>();
  csan::Chan<csan::Unit> disk_ = csan::MakeChan<csan::Unit>();
  csan::WaitGroup writer_;
};

}  // namespace

int main() {
  Log log;
  for (int i = 0; i < 3; i++) log.Add("line " + std::to_string(i));
}
