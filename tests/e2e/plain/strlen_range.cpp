// KIND: data-race
// strlen reads up to and with the terminator.
#include "../support/order.h"
#include <cstring>
char text[32] = "hello";
volatile unsigned long seen;
const char* volatile what = text;

int main() {
  InTurn([] { text[BUG ? 5 : 6] = 0; },         // RACE
         [] { seen = std::strlen(what); });  // RACE
}
