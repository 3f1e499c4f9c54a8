// KIND: data-race
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// Values of all types belong to who has received them: strings move through channels of all kinds from
// goroutine to goroutine. What a sender keeps it must not touch.
#include <csan/go.h>

#include <memory>
#include <string>

int main() {
  const auto there = csan::MakeChan<std::shared_ptr<std::string>>();
  const auto back = csan::MakeChan<std::string>(2);
  csan::go([=] {
    for (const auto& text : there) {
      text->push_back('!');  // RACE
      back.Send(*text);
    }
    back.Close();
  });
  for (int i = 0; i < 50; i++) {
    const auto text = std::make_shared<std::string>("a text that is longer than its object");
    there.Send(text);
    if (BUG) text->push_back('?');  // RACE
    if (!BUG && back.Receive().back() != '!') return 3;
    if (BUG) back.Receive();
  }
  there.Close();
  return back.ReceiveOk().ok;
}
