// KIND: data-race
// A program may have functions of its own by the names of those that CSan intercepts, of any shape.
#include <pthread.h>

#include "../support/order.h"

struct node {
  struct node *next;
};
int links;

void link(struct node *list, struct node *one) {
  one->next = list->next;
  list->next = one;
  links++;  // RACE
}
int getline(char *to, int size) { return to[0] + size; }
double remove(double from, double what) { return from - what; }

struct node list, a, b;

void *First(void *nothing) {
  char text[2] = "a";
  if (getline(text, 3) != 'a' + 3 || remove(3.5, 1.5) != 2) return &list;
  if (BUG) link(&list, &a);
  ReachStep(1);
  return nothing;
}
void *Second(void *nothing) {
  AwaitStep(1);
  link(&list, &b);
  return nothing;
}

int main(void) {
  pthread_t threads[2];
  void *failed[2];
  pthread_create(&threads[0], 0, First, 0);
  pthread_create(&threads[1], 0, Second, 0);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], &failed[i]);
  return failed[0] || failed[1] ? 2 : 0;
}
