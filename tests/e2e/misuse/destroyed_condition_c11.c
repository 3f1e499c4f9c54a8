// KIND: destroyed-lock
// The same, of C11.
#include <threads.h>

int main(void) {
  cnd_t changed;
  cnd_init(&changed);
  cnd_destroy(&changed);
  if (!BUG) cnd_init(&changed);
  cnd_broadcast(&changed);  // RACE
  return 0;
}
