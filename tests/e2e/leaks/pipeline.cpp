// KIND: goroutine-leak
// The consumer takes one value and goes; every stage of the pipeline waits for the next.
#include "../support/goroutine.h"

struct Stage {
  Channel* in;
  Channel* out;
};

void Generate(void* out) {
  for (int i = 0; i < 3; i++) static_cast<Channel*>(out)->Send(i);
  static_cast<Channel*>(out)->Close();
}
void Double(void* stage) {
  int value = 0;
  while (static_cast<Stage*>(stage)->in->Receive(&value)) {
    static_cast<Stage*>(stage)->out->Send(2 * value);  // RACE
  }
  static_cast<Stage*>(stage)->out->Close();
}
void Consume(void* in) {
  int value = 0;
  while (static_cast<Channel*>(in)->Receive(&value) && !BUG) {
  }
}

UNSEEN void Build() {
  Channel* last = new Channel;
  Go(Generate, last);
  for (int i = 0; i < 4; i++) {
    Channel* next = new Channel;
    Go(Double, new Stage{last, next});
    last = next;
  }
  Go(Consume, last);
}

int main() {
  Build();
  RunAll();
  WipeStack();
}
